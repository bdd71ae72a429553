/**
 * What happened in a turn, in the newer dialect: `item_completed`. Only a message of the user is taken.
 *
 * @module
 */
import {
  anything,
  both,
  either,
  i64,
  lenient,
  list,
  map,
  nullable,
  oneOf,
  optional,
  present,
  record,
  recordOrList,
  type Shape,
  tagged,
  text,
} from "./shape.ts";
import { uuid } from "./common.ts";
import { detail, type Message, placeholderOf, textElement } from "./message.ts";

/** One part of a message: its text, or what stands for it. */
interface Part {
  readonly text: string;
  readonly stands: "image" | "audio" | null;
}

const stands = (kind: Part["stands"]): Part => ({ text: "", stands: kind });

const textPart: Shape<Part> = map(
  recordOrList({ text, text_elements: optional(list(textElement), []) }, 1),
  ({ text }) => ({ text, stands: null }),
);

const named: Shape<Part> = map(recordOrList({ name: text, path: text }), () => stands(null));

const part099: Shape<Part> = tagged({
  text: textPart,
  image: map(recordOrList({ image_url: text }), () => stands("image")),
  local_image: map(recordOrList({ path: text }), () => stands("image")),
  skill: named,
  mention: named,
});

/** A file, by where it is, or by its name where it was uploaded. */
function file(url: "image_url" | "audio_url"): Shape<unknown> {
  return either(record({ [url]: text }), record({ file_id: text }));
}

const part0169: Shape<Part> = tagged({
  text: textPart,
  image: map(both(file("image_url"), record({ detail: nullable(detail) })), () => stands("image")),
  local_image: map(recordOrList({ path: text, detail: nullable(detail) }, 1), () => stands("image")),
  audio: map(file("audio_url"), () => stands("audio")),
  local_audio: map(recordOrList({ path: text }), () => stands("audio")),
  skill: named,
  mention: named,
});

function joined(parts: readonly Part[]): Message {
  const count = (kind: Part["stands"]): number => parts.filter((part) => part.stands === kind).length;
  return { text: parts.map(({ text }) => text).join(""), placeholder: placeholderOf(count("image"), count("audio")) };
}

/** Nothing is taken of the items that are no message of the user. */
const other = (fields: Readonly<Record<string, Shape<unknown>>>): Shape<null> =>
  map(record({ id: text, ...fields }), () => null);

const others099 = {
  AgentMessage: other({ content: list(tagged({ Text: recordOrList({ text }) })) }),
  Plan: other({ text }),
  Reasoning: other({ summary_text: list(text), raw_content: optional(list(text), []) }),
  WebSearch: other({ query: text, action: tagged(webSearchActions()) }),
  ContextCompaction: other({}),
} as const;

function webSearchActions(): Readonly<Record<string, Shape<unknown>>> {
  const some = record({});
  return { search: some, open_page: some, find_in_page: some, other: some };
}

/** In the order of their numbers, behind that of a message of the user. */
const others0169 = {
  FunctionCallOutput: other({ output: present }),
  HookPrompt: other({ fragments: list(anything) }),
  AgentMessage: others099.AgentMessage,
  Plan: others099.Plan,
  Reasoning: others099.Reasoning,
  CommandExecution: other({ command: list(text), cwd: text, status: text }),
  DynamicToolCall: other({ tool: text }),
  CollabAgentToolCall: other({ tool: text, status: text }),
  SubAgentActivity: other({ kind: text }),
  WebSearch: others099.WebSearch,
  ImageView: other({ path: text }),
  Sleep: other({ duration_ms: present }),
  ImageGeneration: other({ status: text }),
  EnteredReviewMode: other({ target: present }),
  ExitedReviewMode: other({}),
  FileChange: other({ changes: record({}) }),
  McpToolCall: other({ server: text, tool: text }),
  ContextCompaction: others099.ContextCompaction,
} as const;

/** An `item_completed` as Codex 0.99.0 takes it; it gives nothing of one. */
export const item099: Shape<null> = map(
  recordOrList({
    thread_id: uuid,
    turn_id: text,
    item: tagged<null>({
      UserMessage: map(recordOrList({ id: text, content: list(part099) }), () => null),
      ...others099,
    }),
  }),
  () => null,
);

/** An `item_completed` as Codex 0.169.0 takes it; null if it is no message of the user. */
export const item0169: Shape<Message | null> = map(
  recordOrList({
    thread_id: uuid,
    turn_id: text,
    item: tagged<Message | null>({
      UserMessage: map(
        recordOrList({ id: text, client_id: nullable(text), content: list(part0169) }),
        ({ content }) => joined(content),
      ),
      ...others0169,
    }),
    started_at_ms: nullable(i64),
    completed_at_ms: optional(i64, 0n),
    // One more that nothing here depends on has its place in a list.
    other: anything,
  }, 3),
  ({ item }) => item,
);

const userItem: Shape<Message> = map(
  record({ type: oneOf("UserMessage"), content: list(lenient(part0169, null)) }),
  ({ content }) => joined(content.filter((part) => part !== null)),
);

/** An `item_completed` with every part of a message of the user that is usable; null if it is none. */
export const itemLenient: Shape<Message | null> = map(
  record({ item: either<Message | null, null>(userItem, () => null) }),
  ({ item }) => item,
);
