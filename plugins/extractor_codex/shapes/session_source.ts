/**
 * What started a thread: the `source` of a session_meta, and the text that is stored of it.
 *
 * @module
 */
import { isObject, type Json } from "../json/json.ts";
import {
  i32,
  map,
  nullable,
  oneOf,
  only,
  onlyWord,
  optional,
  recordOrList,
  REFUSED,
  type Shape,
  text,
} from "./shape.ts";
import { oneRole, uuid } from "./common.ts";

/** What started a thread. */
export interface SessionSource {
  /** The text that is stored: a word, or compact JSON. */
  readonly stored: string;
  /** The thread that spawned it, if one did. */
  readonly parent: string | null;
}

/** The source of a session_meta that names none. */
export const VSCODE: SessionSource = { stored: "vscode", parent: null };

/** The text that is stored of the source of a guardian. */
export const GUARDIAN = '{"subagent":{"other":"guardian"}}';

/** The sources that are words. */
const WORDS = ["cli", "vscode", "exec", "mcp", "unknown"];

const plain = (stored: string): SessionSource => ({ stored, parent: null });

/** The only member of an object, as a pair. */
const onlyMember: Shape<readonly [string, Json]> = (value) => {
  if (!isObject(value)) return REFUSED;
  const [first, more] = Object.entries(value);
  return first && !more ? first : REFUSED;
};

const spawn099 = map(recordOrList({ parent_thread_id: uuid, depth: i32 }), ({ parent_thread_id, depth }) => ({
  // The order in which the fields are stored.
  stored: `{"subagent":{"thread_spawn":{"parent_thread_id":"${parent_thread_id}","depth":${depth}}}}`,
  parent: parent_thread_id,
}));

/** The path of an agent among the agents: the root, or names of small letters, digits and underscores below it. */
const agentPath: Shape<string> = only(
  text,
  (path) => /^\/(?:morpheus|root(?:\/(?!root(?:\/|$))[a-z0-9_]+)*)$/.test(path),
);

const spawn0169 = map(
  oneRole(recordOrList({
    parent_thread_id: uuid,
    depth: i32,
    agent_path: nullable(agentPath),
    agent_nickname: nullable(text),
    agent_role: nullable(text),
  }, 2)),
  ({ parent_thread_id, depth, agent_path, agent_nickname, agent_role }) => {
    const fields = [agent_path, agent_nickname, agent_role].map((value) => JSON.stringify(value));
    const agent = `"agent_path":${fields[0]},"agent_nickname":${fields[1]},"agent_role":${fields[2]}`;
    return {
      stored: `{"subagent":{"thread_spawn":{"parent_thread_id":"${parent_thread_id}","depth":${depth},${agent}}}}`,
      parent: parent_thread_id,
    };
  },
);

function subagent(words: readonly string[], spawn: Shape<SessionSource>): Shape<SessionSource> {
  return (value) => {
    const word = oneOf(...words)(value);
    if (word !== REFUSED) return plain(`{"subagent":"${word}"}`);
    return map(onlyMember, ([kind, inner]) => {
      if (kind === "thread_spawn") return spawn(inner);
      return kind === "other" && typeof inner === "string"
        ? plain(`{"subagent":{"other":${JSON.stringify(inner)}}}`)
        : REFUSED;
    })(value);
  };
}

/** Words, and the objects that a version knows. A word that stands for such an object is refused alone. */
function source(objectNames: readonly string[], objects: Shape<SessionSource>): Shape<SessionSource> {
  return optional((value) => {
    const word = isObject(value) ? onlyWord(value) : value;
    if (typeof word !== "string") return objects(value);
    if (objectNames.includes(word)) return REFUSED;
    return plain(WORDS.includes(word) ? word : "unknown");
  }, VSCODE);
}

/** The sources that Codex 0.99.0 knows. */
export const source099: Shape<SessionSource> = source(
  ["subagent"],
  map(onlyMember, ([kind, inner]) => kind === "subagent" ? subagent(["review", "compact"], spawn099)(inner) : REFUSED),
);

/** The sources that Codex 0.169.0 knows. */
export const source0169: Shape<SessionSource> = source(
  ["subagent", "custom", "internal"],
  map(onlyMember, ([kind, inner]) => {
    if (kind === "subagent") return subagent(["review", "compact", "memory_consolidation"], spawn0169)(inner);
    if (kind === "custom") return typeof inner === "string" ? plain(`{"custom":${JSON.stringify(inner)}}`) : REFUSED;
    if (kind === "internal") {
      const word = oneOf("memory_consolidation", "guardian")(inner);
      return word === REFUSED ? REFUSED : plain(`{"internal":"${word}"}`);
    }
    return REFUSED;
  }),
);
