/**
 * What a rollout gives in the end.
 *
 * @module
 */
import { ExtractionError } from "../../src/errors.ts";
import type { CodexThread } from "../codex_thread.ts";
import { multiplyEarly } from "../early_times.ts";
import type { RolloutItem } from "../rollout_item.ts";
import { parseFileName } from "./file_name.ts";
import { ownPart } from "./copy.ts";
import type { Disk } from "./disk.ts";
import type { ThreadFold } from "./fold.ts";
import type { Profile } from "./profiles.ts";
import { profileOfPolicy } from "./shapes/permission_profile.ts";
import { READ_ONLY, storedPolicy } from "./shapes/policy.ts";
import type { RolloutState } from "./state.ts";
import { parseTimestamp } from "./time.ts";

/** The row that a rollout gives. */
export function rowOf(
  { fold, lastTimestamp }: RolloutState,
  item: RolloutItem,
  profile: Profile,
  defaultProvider: string,
): CodexThread {
  const lastRecordMs = parseTimestamp(lastTimestamp)?.ms ?? null;
  return finishThread(fold, item, { profile, defaultProvider, lastRecordMs });
}

/**
 * What decides between several files of one thread: a matching name, a session_meta, a message of the user, the last record,
 * the most records.
 */
export function rankOf({ fold, records }: RolloutState, row: CodexThread, item: RolloutItem, profile: Profile): string {
  const named = parseFileName(item.name, profile)?.id === row.id;
  const last = Math.max(0, Number(row.last_record_at_ms ?? 0));
  const said = row.first_user_message !== "";
  return [Number(named), Number(fold.hasMeta), Number(said), padded(last), padded(records)].join(" ");
}

function padded(value: number): string {
  return String(value).padStart(16, "0");
}

/** What the row depends on beside the lines. */
export interface FinishOptions {
  /** By which rules. */
  readonly profile: Profile;
  /** The model provider of a rollout that names none. */
  readonly defaultProvider: string;
  /** When the last record was written, in milliseconds, if it says so. */
  readonly lastRecordMs: number | null;
}

/**
 * The row that a thread gives.
 *
 * @param known What is known of the thread.
 * @param item The rollout.
 * @param options By which rules.
 * @throws {ExtractionError} If it is not known who the thread is.
 */
export function finishThread(known: Readonly<ThreadFold>, item: RolloutItem, options: FinishOptions): CodexThread {
  const { profile, defaultProvider, lastRecordMs } = options;
  const fold: ThreadFold = { ...known };
  if (fold.unusable) {
    throw new ExtractionError(fold.unusable, "its session_meta has a history_mode that this version of Codex refuses");
  }
  const identity = fold.hasMeta ? fold.identity : parseFileName(item.name, profile) ?? null;
  if (!identity) {
    throw new ExtractionError(
      "no-identity",
      "it has no usable session_meta, and its name is not rollout-<time>-<uuid>.jsonl",
    );
  }
  const own = ownPart(fold);
  const modifiedMs = Math.floor(item.modifiedMs);
  const startedMs = identity.createdMs ?? modifiedMs;
  const createdMs = profile.multipliesEarlyTimes ? multiplyEarly(startedMs) : startedMs;
  return {
    id: identity.id,
    rollout_path: item.location,
    created_at: Math.floor(createdMs / 1000),
    created_at_ms: createdMs,
    updated_at: Math.floor(modifiedMs / 1000),
    updated_at_ms: modifiedMs,
    last_record_at_ms: lastRecordMs,
    source: fold.source,
    model_provider: fold.provider || defaultProvider,
    ...(fold.provider ? {} : { is_default_provider: 1 }),
    ...(fold.unreadPolicy ? { has_unread_policy: 1 } : {}),
    ...(fold.unreadApproval ? { has_unread_approval: 1 } : {}),
    ...(fold.unreadEffort ? { has_unread_effort: 1 } : {}),
    ...(fold.forkedFrom === null ? {} : { forked_from: fold.forkedFrom }),
    cwd: realFolder(fold.cwd, profile.disk),
    title: own.title,
    first_user_message: own.firstUserMessage,
    preview: own.preview,
    sandbox_policy: fold.policy ?? readOnlyPolicy(profile),
    approval_mode: fold.approval,
    tokens_used: integer(own.tokens),
    archived: item.archived ? 1 : 0,
    archived_at: item.archived ? Math.floor(modifiedMs / 1000) : null,
    git_sha: fold.gitSha,
    git_branch: fold.gitBranch,
    git_origin_url: fold.gitOriginUrl,
    cli_version: fold.cliVersion,
    agent_nickname: fold.agentNickname,
    agent_role: fold.agentRole,
    agent_path: fold.agentPath,
    memory_mode: fold.memoryMode,
    model: fold.model,
    reasoning_effort: fold.effort,
    thread_source: fold.threadSource,
    history_mode: fold.historyMode,
    name: fold.name ?? (profile.takesIndexName ? item.threadName ?? null : null),
    originator: fold.originator || null,
    creator_user_id: fold.creatorUserId,
    creator_account_id: fold.creatorAccountId,
    attached_thread_parent_id: fold.attachedTo,
    dynamic_tools: fold.tools,
    spawn_edge: fold.parent === null
      ? null
      : { parent_thread_id: fold.parent, child_thread_id: identity.id, status: "open" },
  };
}

function readOnlyPolicy(profile: Profile): string {
  return profile.storesPermissionProfile
    ? JSON.stringify(profileOfPolicy(READ_ONLY, "", profile.disk))
    : storedPolicy(READ_ONLY);
}

function integer(exact: bigint): number | bigint {
  const value = Number(exact);
  return Number.isSafeInteger(value) ? value : exact;
}

/** A folder with every link resolved, if it is there. Of two slashes in front both stay, as POSIX has it: they may mean another host. */
function realFolder(path: string, disk: Disk): string {
  const real = path && disk.realPath(path);
  if (!real) return path;
  return /^\/\/(?!\/)/.test(path) ? `/${real}` : real;
}
