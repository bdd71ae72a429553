/**
 * What a turn was run with: `turn_context`, and `thread_settings_applied`, which newer versions write beside it.
 *
 * @module
 */
import { isObject, member } from "../json/json.ts";
import {
  anything,
  boolean,
  either,
  lenient,
  list,
  map,
  nullable,
  oneOf,
  optional,
  record,
  recordOrList,
  REFUSED,
  type Shape,
  tagged,
  text,
  u64,
} from "./shape.ts";
import { absolutePath, uuid } from "./common.ts";
import { fileSystemPolicy, profileOfFiles } from "./file_system_policy.ts";
import { type PermissionProfile, permissionProfile } from "./permission_profile.ts";
import { type SandboxPolicy, sandboxPolicy0169, sandboxPolicy099, sandboxPolicyLenient } from "./policy.ts";

/** What is taken of a turn. What is null leaves the thread as it was, except where a rule says otherwise. */
export interface Turn {
  /** The working directory. */
  readonly cwd: string | null;
  /** When to ask for approval, as it is stored. */
  readonly approval: string | null;
  /** The sandbox policy. */
  readonly policy: SandboxPolicy | null;
  /** The permission profile, which goes before the policy. */
  readonly profile: PermissionProfile | null;
  /** Whether there is one that cannot be read. */
  readonly unreadProfile?: boolean;
  /** The model. */
  readonly model: string | null;
  /** The reasoning effort. */
  readonly effort: string | null;
  /** Whether there is one that cannot be read. */
  readonly unreadEffort?: boolean;
  /** The model provider. */
  readonly provider: string | null;
}

/** The ways in which versions of Codex run several agents. */
export const multiAgentVersion: Shape<string> = oneOf("disabled", "v1", "v2");

const effort099 = oneOf("none", "minimal", "low", "medium", "high", "xhigh");
const effort0169: Shape<string> = map(text, (word) => word === "" ? REFUSED : word);
const summary = oneOf("auto", "concise", "detailed", "none");
const approval099 = oneOf("untrusted", "on-failure", "on-request", "never");

const limit = recordOrList({ limit: u64 });
const numberedTruncation = tagged<unknown>({ bytes: limit, tokens: limit });

/** In a list the mode may also be its number. */
const truncation: Shape<unknown> = either(
  recordOrList({ mode: oneOf("bytes", "tokens"), limit: u64 }),
  (value) => Array.isArray(value) ? numberedTruncation(value) : REFUSED,
);

const granularFields = recordOrList({
  sandbox_approval: boolean,
  rules: boolean,
  skill_approval: optional(boolean, false),
  request_permissions: optional(boolean, false),
  mcp_elicitations: boolean,
});

const granular: Shape<string> = (value) => {
  if (!isObject(value) || Object.keys(value).length !== 1) return REFUSED;
  // The order of the fields is the order in which they are stored.
  return map(granularFields, (granular) => JSON.stringify({ granular }))(member(value, "granular"));
};

const approval0169: Shape<string> = either(
  map(approval099, (word) => word === "on-failure" ? "on-request" : word),
  granular,
);

function collaborationMode(effort: Shape<string>): Shape<unknown> {
  return recordOrList({
    mode: oneOf("plan", "default", "code", "custom", "execute", "pair_programming"),
    settings: recordOrList({
      model: text,
      reasoning_effort: nullable(effort),
      developer_instructions: nullable(text),
    }),
  });
}

const personality = oneOf("none", "friendly", "pragmatic");
const activeProfile = recordOrList({ id: text, extends: nullable(text) }, 1);
const reviewer = oneOf("user", "auto_review", "guardian_subagent");

/** A `turn_context` as Codex 0.99.0 takes it. */
export const turnContext099: Shape<Turn> = map(
  record({
    cwd: text,
    approval_policy: approval099,
    sandbox_policy: sandboxPolicy099,
    model: text,
    personality: nullable(personality),
    collaboration_mode: nullable(collaborationMode(effort099)),
    effort: nullable(effort099),
    summary,
    user_instructions: nullable(text),
    developer_instructions: nullable(text),
    final_output_json_schema: anything,
    truncation_policy: nullable(truncation),
  }),
  ({ cwd, approval_policy, sandbox_policy, model, effort }) => ({
    cwd,
    approval: approval_policy,
    policy: sandbox_policy,
    profile: null,
    model,
    effort,
    provider: null,
  }),
);

/** A `turn_context` as Codex 0.169.0 takes it. */
export const turnContext0169: Shape<Turn> = map(
  record({
    cwd: absolutePath,
    approval_policy: approval0169,
    sandbox_policy: nullable(sandboxPolicy0169),
    permission_profile: nullable(permissionProfile),
    active_permission_profile: nullable(activeProfile),
    model: text,
    effort: nullable(effort0169),
    summary: nullable(summary),
    turn_id: nullable(text),
    root_turn_id: nullable(text),
    comp_hash: nullable(text),
    realtime_active: nullable(boolean),
    approvals_reviewer: nullable(reviewer),
    multi_agent_version: nullable(multiAgentVersion),
    disabled_plugin_ids: nullable(list(text)),
    collaboration_mode: nullable(collaborationMode(effort0169)),
    file_system_sandbox_policy: nullable(fileSystemPolicy),
  }),
  ({ cwd, approval_policy, sandbox_policy, permission_profile, file_system_sandbox_policy: files, model, effort }) => {
    if (!sandbox_policy && !permission_profile) return REFUSED;
    return {
      cwd,
      approval: approval_policy,
      policy: sandbox_policy,
      profile: permission_profile ?? (files && sandbox_policy && profileOfFiles(files, sandbox_policy)),
      model,
      effort,
      provider: null,
    };
  },
);

/** A field that may be null or absent; `undefined` if it is there and cannot be read. */
function orUnread<T>(shape: Shape<T>): Shape<T | null | undefined> {
  return lenient(nullable(shape), undefined);
}

/** Takes every field of a `turn_context` that is usable. */
export const turnContextLenient: Shape<Turn> = map(
  record({
    cwd: lenient(text, null),
    approval_policy: lenient(approval0169, null),
    sandbox_policy: lenient(either(sandboxPolicyLenient, sandboxPolicy099), null),
    permission_profile: orUnread(permissionProfile),
    file_system_sandbox_policy: orUnread(fileSystemPolicy),
    model: lenient(text, null),
    effort: orUnread(effort0169),
  }),
  ({ cwd, approval_policy, sandbox_policy, permission_profile, file_system_sandbox_policy: files, model, effort }) => ({
    cwd,
    approval: approval_policy,
    policy: sandbox_policy,
    profile: permission_profile ?? (files && sandbox_policy && profileOfFiles(files, sandbox_policy)) ?? null,
    unreadProfile: permission_profile === undefined || (permission_profile === null && files === undefined),
    model,
    effort: effort ?? null,
    unreadEffort: effort === undefined,
    provider: null,
  }),
);

/** The `thread_settings` of a `thread_settings_applied` as Codex 0.169.0 takes them. */
export const threadSettings0169: Shape<Turn> = map(
  recordOrList({
    thread_id: nullable(uuid),
    thread_settings: record({
      model: text,
      model_provider_id: text,
      service_tier: nullable(text),
      approval_policy: approval0169,
      approvals_reviewer: reviewer,
      requested_approvals_reviewer: nullable(reviewer),
      permission_profile: permissionProfile,
      active_permission_profile: nullable(activeProfile),
      runtime_workspace_roots: nullable(list(absolutePath)),
      disabled_plugin_ids: optional(list(text), []),
      cwd: absolutePath,
      reasoning_effort: nullable(effort0169),
      reasoning_summary: nullable(summary),
      personality: nullable(personality),
      collaboration_mode: collaborationMode(effort0169),
    }),
  }),
  ({ thread_settings: settings }) => ({
    cwd: settings.cwd,
    approval: settings.approval_policy,
    policy: null,
    profile: settings.permission_profile,
    model: settings.model,
    effort: settings.reasoning_effort,
    provider: settings.model_provider_id,
  }),
);

/** Takes every thread setting that is usable. */
export const threadSettingsLenient: Shape<Turn> = map(
  record({
    thread_settings: record({
      model: lenient(text, null),
      model_provider_id: lenient(text, null),
      approval_policy: lenient(approval0169, null),
      permission_profile: lenient(permissionProfile, null),
      cwd: lenient(text, null),
      reasoning_effort: orUnread(effort0169),
    }),
  }),
  ({ thread_settings: settings }) => ({
    cwd: settings.cwd,
    approval: settings.approval_policy,
    policy: null,
    profile: settings.permission_profile,
    model: settings.model,
    effort: settings.reasoning_effort ?? null,
    unreadEffort: settings.reasoning_effort === undefined,
    provider: settings.model_provider_id,
  }),
);
