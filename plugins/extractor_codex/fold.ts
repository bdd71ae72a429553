/**
 * The thread that the lines of a rollout add up to: what is known after some of them, and the row that it gives.
 *
 * @module
 */
import { ExtractionError } from "../../src/errors.ts";
import type { CodexThread, DynamicTools } from "../codex_thread.ts";
import { multiplyEarly } from "../early_times.ts";
import type { RolloutItem } from "../rollout_item.ts";
import { parseFileName } from "./file_name.ts";
import type { Profile } from "./profiles.ts";
import type { LineItem } from "./read_line.ts";
import type { Message } from "./shapes/message.ts";
import { profileOfPolicy } from "./shapes/permission_profile.ts";
import { READ_ONLY, storedPolicy } from "./shapes/policy.ts";
import type { SessionMeta } from "./shapes/session_meta.ts";
import { GUARDIAN } from "./shapes/session_source.ts";
import type { Turn } from "./shapes/turn.ts";
import { parseTimestamp } from "./time.ts";
import { readTools } from "./tools.ts";
import { trim } from "../whitespace.ts";

/** What comes before this in a message is context that a client added. */
const REQUEST_MARK = "## My request for Codex:";

/** The title of a thread that reviews what another does. */
const GUARDIAN_TITLE = "Guardian review";

/** What is known of a thread. Plain data: it survives JSON. */
export interface ThreadFold {
  /** Who the thread is, by its first session_meta; `null` before. */
  identity: { readonly id: string; readonly createdMs: number | null } | null;
  /** Whether a session_meta was read. */
  hasMeta: boolean;
  /** Why the file gives no row whatever comes. */
  unusable: string | null;
  source: string;
  parent: string | null;
  provider: string;
  cwd: string;
  cliVersion: string;
  title: string;
  firstUserMessage: string;
  preview: string;
  name: string | null;
  policy: string | null;
  approval: string;
  /** Decimal digits: it may be larger than a JavaScript number holds. */
  tokens: string;
  gitSha: string | null;
  gitBranch: string | null;
  gitOriginUrl: string | null;
  model: string | null;
  effort: string | null;
  agentNickname: string | null;
  agentRole: string | null;
  agentPath: string | null;
  threadSource: string | null;
  memoryMode: string;
  historyMode: string;
  originator: string;
  creatorUserId: string | null;
  creatorAccountId: string | null;
  attachedTo: string | null;
  tools: DynamicTools | null;
  /** Whether a response item came before the first session_meta. */
  responded: boolean;
}

/** What is known before the first line. */
export function newFold(): ThreadFold {
  return {
    identity: null,
    hasMeta: false,
    unusable: null,
    source: "vscode",
    parent: null,
    provider: "",
    cwd: "",
    cliVersion: "",
    title: "",
    firstUserMessage: "",
    preview: "",
    name: null,
    policy: null,
    approval: "on-request",
    tokens: "0",
    gitSha: null,
    gitBranch: null,
    gitOriginUrl: null,
    model: null,
    effort: null,
    agentNickname: null,
    agentRole: null,
    agentPath: null,
    threadSource: null,
    memoryMode: "enabled",
    historyMode: "legacy",
    originator: "",
    creatorUserId: null,
    creatorAccountId: null,
    attachedTo: null,
    tools: null,
    responded: false,
  };
}

/**
 * Adds what one line says.
 *
 * @param fold What is known; changed in place.
 * @param item What the line says.
 * @param profile By which rules.
 * @param name The base name of the rollout.
 */
export function applyItem(fold: ThreadFold, item: LineItem, profile: Profile, name: string): void {
  switch (item.kind) {
    case "meta":
      return applyMeta(fold, item.meta, item.line, profile, name);
    case "turn":
      return applyTurn(fold, item.turn, profile, profile.cwdOfEveryTurn || fold.cwd === "");
    case "settings":
      return applyTurn(fold, item.turn, profile, true);
    case "message":
      return applyMessage(fold, item.message, profile);
    case "goal":
      if (!profile.titlesGuardians || fold.source !== GUARDIAN) fold.preview ||= trim(item.objective);
      return;
    case "tokens":
      if (item.total !== null) fold.tokens = String(item.total > 0n ? item.total : 0n);
      return;
    case "response":
      fold.responded = true;
      return;
    default:
      return;
  }
}

function applyMeta(fold: ThreadFold, meta: SessionMeta, line: string, profile: Profile, name: string): void {
  if (!fold.hasMeta) beginThread(fold, meta, line, profile, name);
  else if (profile.refusesHistoryModes && meta.history_mode === "unsupported") return;
  if (fold.unusable) return;
  const ours = meta.id !== null && meta.id === fold.identity?.id;
  if (meta.memory_mode !== null && (ours || profile.memoryOfOtherThreads)) fold.memoryMode = meta.memory_mode;
  if (!ours) return;
  fold.source = meta.source.stored;
  fold.parent = meta.source.parent;
  fold.provider = meta.model_provider ?? fold.provider;
  fold.cwd = meta.cwd || fold.cwd;
  fold.cliVersion = meta.cli_version || fold.cliVersion;
  fold.agentNickname = meta.agent_nickname;
  fold.agentRole = meta.agent_role ?? meta.agent_type;
  fold.agentPath = meta.agent_path;
  fold.threadSource = meta.thread_source;
  fold.attachedTo = meta.attached_thread ? meta.forked_from_id : null;
  fold.originator ||= meta.originator;
  fold.creatorUserId ??= meta.creator_user_id;
  fold.creatorAccountId ??= meta.creator_account_id;
  if (!meta.git) return;
  const { commit_hash, branch, repository_url } = meta.git;
  fold.gitSha = commit_hash;
  fold.gitBranch = branch;
  fold.gitOriginUrl = repository_url === null ? null : profile.gitUrl(repository_url);
}

/** The first session_meta says who the thread is, or leaves it to the file name. */
function beginThread(fold: ThreadFold, meta: SessionMeta, line: string, profile: Profile, name: string): void {
  const named = parseFileName(name, profile);
  const createdMs = createdAt(meta.timestamp, profile);
  if (profile.keepsIdWithoutTime) {
    const id = meta.id ?? named?.id;
    if (id === undefined) return;
    fold.identity = { id, createdMs: createdMs ?? named?.createdMs ?? null };
  } else {
    fold.identity = createdMs === undefined || meta.id === null ? named ?? null : { id: meta.id, createdMs };
  }
  fold.hasMeta = true;
  if (meta.history_mode === "unsupported" && profile.refusesHistoryModes) fold.unusable = "unsupported-history-mode";
  if (createdMs !== undefined || profile.keepsIdWithoutTime) {
    fold.historyMode = meta.history_mode === "paginated" ? "paginated" : "legacy";
    if (profile.titlesGuardians && meta.source.stored === GUARDIAN) titleGuardian(fold);
  }
  if (profile.takesTools && !fold.responded && meta.id !== null && meta.dynamic_tools?.length) {
    const tools = readTools(line, profile.numbers);
    if (tools.length > 0) fold.tools = { thread_id: meta.id, tools };
  }
}

function createdAt(timestamp: string, profile: Profile): number | undefined {
  const at = parseTimestamp(timestamp);
  if (!at || !profile.wholeSeconds) return at?.ms;
  return (Math.floor(at.ms / 1000) - (at.leap ? 1 : 0)) * 1000;
}

function applyTurn(fold: ThreadFold, turn: Turn, profile: Profile, setsCwd: boolean): void {
  if (setsCwd && turn.cwd !== null) fold.cwd = turn.cwd;
  fold.approval = turn.approval ?? fold.approval;
  fold.provider = turn.provider ?? fold.provider;
  if (turn.model !== null) {
    fold.model = turn.model;
    fold.effort = turn.effort;
  }
  if (!profile.storesPermissionProfile) {
    if (turn.policy) fold.policy = storedPolicy(turn.policy);
    return;
  }
  const permissions = turn.profile ?? (turn.policy && profileOfPolicy(turn.policy, turn.cwd ?? fold.cwd, profile.disk));
  if (permissions) fold.policy = JSON.stringify(permissions);
}

function applyMessage(fold: ThreadFold, message: Message, profile: Profile): void {
  if (profile.titlesGuardians && fold.source === GUARDIAN) return;
  const mark = message.text.indexOf(REQUEST_MARK);
  const text = trim(mark < 0 ? message.text : message.text.slice(mark + REQUEST_MARK.length));
  const shown = text || message.placeholder;
  if (!shown) return;
  fold.firstUserMessage ||= shown;
  fold.preview ||= fold.firstUserMessage;
  fold.title ||= text;
}

/** Whether no further message of the user changes anything. */
export function isTitled({ title, firstUserMessage, preview }: ThreadFold): boolean {
  return title !== "" && firstUserMessage !== "" && preview !== "";
}

/** A guardian's messages are not a user's, those before its session_meta included. */
function titleGuardian(fold: ThreadFold): void {
  fold.firstUserMessage = "";
  fold.title = GUARDIAN_TITLE;
  fold.preview = "Approval review";
  if (fold.historyMode === "paginated") fold.name = GUARDIAN_TITLE;
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
    cwd: (fold.cwd && profile.disk.realPath(fold.cwd)) || fold.cwd,
    title: fold.title,
    first_user_message: fold.firstUserMessage,
    preview: fold.preview,
    sandbox_policy: fold.policy ?? readOnlyPolicy(profile),
    approval_mode: fold.approval,
    tokens_used: integer(fold.tokens),
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

function integer(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}
