/**
 * The first line of a rollout: who the thread is.
 *
 * @module
 */
import { isObject, isSpelledNumber, type Json, member } from "../json/json.ts";
import {
  absent,
  boolean,
  either,
  lenient,
  list,
  map,
  nullable,
  oneOf,
  optional,
  present,
  record,
  recordOrList,
  REFUSED,
  type Shape,
  tagged,
  text,
  u64,
} from "./shape.ts";
import { oneRole, uuid } from "./common.ts";
import { type SessionSource, source0169, source099, VSCODE } from "./session_source.ts";
import { multiAgentVersion } from "./turn.ts";

/** The git information of a session_meta. A part that is absent is null. */
export interface GitInfo {
  /** The commit. */
  readonly commit_hash: string | null;
  /** The branch. */
  readonly branch: string | null;
  /** The URL of the origin. */
  readonly repository_url: string | null;
}

/** What is taken of a session_meta. */
export interface SessionMeta {
  /** The thread's id. Null only where a broken one is tolerated. */
  readonly id: string | null;
  /** When the thread was started, as written. */
  readonly timestamp: string;
  /** The working directory. */
  readonly cwd: string;
  /** The program. */
  readonly originator: string;
  /** Its version. */
  readonly cli_version: string;
  /** What started the thread. */
  readonly source: SessionSource;
  /** The model provider. */
  readonly model_provider: string | null;
  /** Git. */
  readonly git: GitInfo | null;
  /** Whether tools are offered. */
  readonly dynamic_tools: readonly unknown[] | null;
  /** A sub-agent's nickname. */
  readonly agent_nickname: string | null;
  /** A sub-agent's role. */
  readonly agent_role: string | null;
  /** The role by its older name, where both names may stand. */
  readonly agent_type?: string | null;
  /** A sub-agent's path. */
  readonly agent_path: string | null;
  /** Who started the thread. */
  readonly thread_source: string | null;
  /** The user. */
  readonly creator_user_id: string | null;
  /** The account. */
  readonly creator_account_id: string | null;
  /** The thread whose copy this one begins with. */
  readonly forked_from_id: string | null;
  /** Whether it stays attached to that thread. */
  readonly attached_thread: boolean;
  /** The thread whose history this one goes on from, in its own file. */
  readonly history_base: string | null;
  /** The ordinal from which the history is a sub-agent's own. */
  readonly subagent_history_start_ordinal: bigint | null;
  /** Whether the thread may become a memory. */
  readonly memory_mode: string | null;
  /** `legacy`, `paginated`, or what makes the whole file unusable to a version that is strict about it. */
  readonly history_mode: "legacy" | "paginated" | "unsupported";
}

const gitFields = { commit_hash: nullable(text), branch: nullable(text), repository_url: nullable(text) } as const;

const gitOrList = recordOrList(gitFields);

const gitOrShortList = recordOrList(gitFields, 2);

const knownMode = lenient(oneOf("legacy", "paginated"), "unsupported" as const);

/** It may be the key of an object as other words are, but only with null as the value. */
const historyMode: Shape<SessionMeta["history_mode"]> = (value) => {
  if (value === undefined) return "legacy";
  return isObject(value) && Object.values(value).some((one) => one !== null) ? "unsupported" : knownMode(value);
};

/** Whether a session_meta has a `history_mode` that no version knows. */
export function hasUnknownHistoryMode(meta: Json): boolean {
  return isObject(meta) && historyMode(member(meta, "history_mode")) === "unsupported";
}

/** Fields of newer versions, ignored where they do not fit. */
const newerFields = {
  agent_nickname: lenient(nullable(text), null),
  agent_role: lenient(nullable(text), null),
  agent_type: lenient(nullable(text), null),
  agent_path: lenient(nullable(text), null),
  thread_source: lenient(nullable(text), null),
  creator_user_id: lenient(nullable(text), null),
  creator_account_id: lenient(nullable(text), null),
  attached_thread: lenient(boolean, false),
  history_base: lenient(nullable(map(record({ thread_id: uuid }), ({ thread_id }) => thread_id)), null),
  subagent_history_start_ordinal: lenient(nullable(u64), null),
  memory_mode: lenient(nullable(text), null),
} as const;

const functionTool = recordOrList({ name: text, description: text, inputSchema: present });

/** Elsewhere a number that keeps its spelling passes for an object in which nothing is required; here it does not. */
const git0169: typeof gitOrList = (value) =>
  isObject(value) && isSpelledNumber(value) ? REFUSED : gitOrShortList(value);

/** What Codex 0.99.0 takes. */
export const sessionMeta099: Shape<SessionMeta> = record({
  id: uuid,
  timestamp: text,
  cwd: text,
  originator: text,
  cli_version: text,
  source: source099,
  model_provider: nullable(text),
  forked_from_id: nullable(uuid),
  base_instructions: nullable(recordOrList({ text })),
  dynamic_tools: nullable(list(functionTool)),
  git: nullable(gitOrList),
  ...newerFields,
  history_mode: historyMode,
});

/** What a tool of the newer form has, and what only one of the older form may say, be it null. */
const typed = { type: text, name: text, description: text, namespace: absent, exposeToContext: absent } as const;

const typedFunction = record({ ...typed, inputSchema: present, deferLoading: optional(boolean, false) });

const typedTool = byType({
  function: typedFunction,
  namespace: record({ ...typed, tools: list(byType({ function: typedFunction })) }),
});

/** A tool of the older form has no type and may name its namespace. */
const untypedTool = record({
  name: text,
  description: text,
  inputSchema: present,
  namespace: nullable(text),
  deferLoading: nullable(boolean),
  exposeToContext: nullable(boolean),
});

/** The tools of a list are all of the older form, or none is. */
const tools0169: Shape<unknown[]> = (value) => {
  const isTyped = Array.isArray(value) && value.some((tool) => isObject(tool) && Object.hasOwn(tool, "type"));
  return list<unknown>(isTyped ? typedTool : untypedTool)(value);
};

/** The shape that the type of an object names. */
function byType(shapes: Readonly<Record<string, Shape<unknown>>>): Shape<unknown> {
  return (value) => {
    const type = isObject(value) ? member(value, "type") : undefined;
    const shape = typeof type === "string" ? member(shapes, type) : undefined;
    return shape ? shape(value) : REFUSED;
  };
}

/** Where the instructions come from. */
const provenance = tagged<unknown>({ custom: recordOrList({}, 0), model: recordOrList({ model: text }) });

const capabilityRoot = record({
  id: text,
  location: tagged({ environment: record({ environmentId: text, path: text }) }),
});

const thread0169 = {
  session_id: optional(uuid, null),
  parent_thread_id: nullable(uuid),
  account_scoped: optional(boolean, false),
  attached_thread: optional(boolean, false),
  runtime_workspace_roots: nullable(list(text)),
  selected_capability_roots: optional(list(capabilityRoot), null),
  multi_agent_version: nullable(multiAgentVersion),
  context_window: nullable(recordOrList({ window_id: text })),
  history_base: nullable(map(
    recordOrList({ thread_id: uuid, end_ordinal_exclusive: u64, end_byte_offset: u64 }),
    ({ thread_id }) => thread_id,
  )),
  subagent_history_start_ordinal: nullable(u64),
  forked_from_ordinal_exclusive: nullable(u64),
} as const;

/** What Codex 0.169.0 takes. */
export const sessionMeta0169: Shape<SessionMeta> = oneRole(
  record({
    id: uuid,
    timestamp: text,
    cwd: text,
    originator: text,
    cli_version: text,
    source: source0169,
    model_provider: nullable(text),
    forked_from_id: nullable(uuid),
    base_instructions: nullable(recordOrList({ text, provenance: nullable(provenance) }, 1)),
    dynamic_tools: nullable(tools0169),
    git: nullable(git0169),
    agent_nickname: nullable(text),
    agent_role: nullable(text),
    agent_path: nullable(text),
    thread_source: nullable(text),
    creator_user_id: nullable(text),
    creator_account_id: nullable(text),
    memory_mode: nullable(text),
    history_mode: historyMode,
    ...thread0169,
  }),
);

/** A source that is not known is kept as far as it is a word. */
const anySource: Shape<SessionSource> = lenient(either(source0169, source099), { stored: "unknown", parent: null });

/** Takes every field that is usable, and leaves the others. */
export const sessionMetaLenient: Shape<SessionMeta> = record({
  id: lenient(uuid, null),
  timestamp: lenient(text, ""),
  cwd: lenient(text, ""),
  originator: lenient(text, ""),
  cli_version: lenient(text, ""),
  source: (value) => value === null ? VSCODE : anySource(value),
  model_provider: lenient(nullable(text), null),
  forked_from_id: lenient(nullable(uuid), null),
  dynamic_tools: lenient(nullable(list(lenient(functionTool, null))), null),
  git: lenient(
    nullable(either(
      record({
        commit_hash: lenient(nullable(text), null),
        branch: lenient(nullable(text), null),
        repository_url: lenient(nullable(text), null),
      }),
      gitOrShortList,
    )),
    null,
  ),
  ...newerFields,
  history_mode: map(historyMode, (mode) => mode === "unsupported" ? "legacy" : mode),
});
