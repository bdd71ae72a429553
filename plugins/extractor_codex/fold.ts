/**
 * The thread that the lines of a rollout add up to: what is known after some of them.
 *
 * @module
 */
import type { DynamicTools } from "../codex_thread.ts";
import { parseFileName } from "./file_name.ts";
import type { Profile } from "./profiles.ts";
import {
  type CopyFold,
  expectCopy,
  expectsCopy,
  goesOnFromAnother,
  newCopyFold,
  takeGiven,
  watchCopy,
} from "./copy.ts";
import type { LineItem, ReadLine } from "./read_line.ts";
import type { Message } from "./shapes/message.ts";
import { profileOfPolicy } from "./shapes/permission_profile.ts";
import { storedPolicy } from "./shapes/policy.ts";
import type { SessionMeta } from "./shapes/session_meta.ts";
import { GUARDIAN } from "./shapes/session_source.ts";
import type { Turn } from "./shapes/turn.ts";
import { parseTimestamp } from "./time.ts";
import { readTools, repeatsMember } from "./tools.ts";
import { trim } from "../whitespace.ts";

/** What comes before this in a message is context that a client added. */
const REQUEST_MARK = "## My request for Codex:";

/** The title of a thread that reviews what another does. */
const GUARDIAN_TITLE = "Guardian review";

/** What is known of a thread. Plain data: it survives JSON. */
export interface ThreadFold extends CopyFold {
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
  /** Whether the last turn has another one, which cannot be read; so with the approval and the effort. */
  unreadPolicy: boolean;
  approval: string;
  unreadApproval: boolean;
  /** Decimal digits: it may be larger than a JavaScript number holds. */
  tokens: string;
  gitSha: string | null;
  gitBranch: string | null;
  gitOriginUrl: string | null;
  model: string | null;
  effort: string | null;
  unreadEffort: boolean;
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
  /** Of which thread it goes on, in a fork without a copy. */
  forkedFrom: string | null;
  tools: DynamicTools | null;
  /** Whether it is known which tools were offered: the first session_meta says it, unless a response item comes before. */
  toolsKnown: boolean;
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
    unreadPolicy: false,
    approval: "on-request",
    unreadApproval: false,
    tokens: "0",
    gitSha: null,
    gitBranch: null,
    gitOriginUrl: null,
    model: null,
    effort: null,
    unreadEffort: false,
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
    forkedFrom: null,
    tools: null,
    toolsKnown: false,
    ...newCopyFold(),
  };
}

/**
 * Adds what one line says.
 *
 * @param fold What is known; changed in place.
 * @param line The line.
 * @param profile By which rules.
 * @param name The base name of the rollout.
 */
export function applyLine(fold: ThreadFold, line: ReadLine, profile: Profile, name: string): void {
  const { item } = line;
  if (fold.awaitsRequest || fold.awaitsTotal) takeGiven(fold, line);
  if (profile.separatesCopies && item.kind === "meta" && !fold.hasMeta) expectCopy(fold, line, item.meta);
  else if (profile.separatesCopies && (expectsCopy(fold) || fold.copying)) {
    const prompt = watchCopy(fold, line);
    if (prompt) applyMessage(fold, prompt, profile);
  }
  applyItem(fold, item, profile, name);
}

function applyItem(fold: ThreadFold, item: LineItem, profile: Profile, name: string): void {
  switch (item.kind) {
    case "meta":
      return applyMeta(fold, item.meta, item.line, profile, name);
    case "refusal":
      if (!fold.hasMeta) fold.unusable = "unsupported-history-mode";
      return;
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
      if (readsTools(fold, item.line, "response_item", profile)) fold.toolsKnown = true;
      return;
    default:
      return;
  }
}

function applyMeta(fold: ThreadFold, meta: SessionMeta, line: string, profile: Profile, name: string): void {
  if (readsTools(fold, line, "session_meta", profile)) takeTools(fold, meta, line, profile);
  if (!fold.hasMeta) beginThread(fold, meta, profile, name);
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
  fold.agentRole = meta.agent_role ?? meta.agent_type ?? null;
  fold.agentPath = meta.agent_path;
  fold.threadSource = meta.thread_source;
  fold.attachedTo = meta.attached_thread ? meta.forked_from_id : null;
  fold.forkedFrom = goesOnFromAnother(meta) ? meta.forked_from_id : null;
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
function beginThread(fold: ThreadFold, meta: SessionMeta, profile: Profile, name: string): void {
  const createdMs = createdAt(meta.timestamp, profile);
  // Most rollouts say both themselves, so their names need not be read here.
  const named = createdMs === undefined || meta.id === null ? parseFileName(name, profile) : undefined;
  if (profile.keepsIdWithoutTime) {
    const id = meta.id ?? named?.id;
    if (id === undefined) return;
    fold.identity = { id, createdMs: createdMs ?? named?.createdMs ?? null };
  } else {
    fold.identity = createdMs === undefined || meta.id === null ? named ?? null : { id: meta.id, createdMs };
  }
  fold.hasMeta = true;
  if (createdMs !== undefined || profile.keepsIdWithoutTime) {
    fold.historyMode = meta.history_mode === "paginated" ? "paginated" : "legacy";
    if (profile.titlesGuardians && meta.source.stored === GUARDIAN) titleGuardian(fold);
  }
}

/** Whether the next session_meta, or a response item before it, says which tools were offered. */
export function awaitsTools({ toolsKnown }: ThreadFold, { takesTools }: Profile): boolean {
  return takesTools && !toolsKnown;
}

/** Whether a line counts for which tools were offered. */
function readsTools(
  fold: ThreadFold,
  line: string,
  type: "session_meta" | "response_item",
  profile: Profile,
): boolean {
  if (!awaitsTools(fold, profile)) return false;
  return !(profile.takesToolsOfStrictLines && repeatsMember(line, type, profile.numbers));
}

function takeTools(fold: ThreadFold, meta: SessionMeta, line: string, profile: Profile): void {
  fold.toolsKnown = true;
  if (meta.id === null || !meta.dynamic_tools?.length) return;
  const tools = readTools(line, profile.numbers);
  if (tools.length > 0) fold.tools = { thread_id: meta.id, tools };
}

function createdAt(timestamp: string, profile: Profile): number | undefined {
  const at = parseTimestamp(timestamp);
  if (!at || !profile.wholeSeconds) return at?.ms;
  return (Math.floor(at.ms / 1000) - (at.leap ? 1 : 0)) * 1000;
}

function applyTurn(fold: ThreadFold, turn: Turn, profile: Profile, setsCwd: boolean): void {
  if (setsCwd && turn.cwd !== null) fold.cwd = turn.cwd;
  fold.approval = turn.approval ?? fold.approval;
  fold.unreadApproval = turn.approval === null;
  fold.unreadPolicy = turn.unreadProfile === true || !turn.profile && !turn.policy;
  fold.provider = turn.provider ?? fold.provider;
  if (turn.model !== null) {
    fold.model = turn.model;
    fold.effort = turn.effort;
    fold.unreadEffort = turn.unreadEffort === true;
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

/** Whether a further message of the user may change anything. */
export function takesMessages({ source, title, firstUserMessage, preview }: ThreadFold, profile: Profile): boolean {
  if (profile.titlesGuardians && source === GUARDIAN) return false;
  return title === "" || firstUserMessage === "" || preview === "";
}

/** A guardian's messages are not a user's, those before its session_meta included. */
function titleGuardian(fold: ThreadFold): void {
  fold.firstUserMessage = "";
  fold.title = GUARDIAN_TITLE;
  fold.preview = "Approval review";
  if (fold.historyMode === "paginated") fold.name = GUARDIAN_TITLE;
}
