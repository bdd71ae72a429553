/**
 * What a user said: `user_message` in the older dialect, `item_completed` with a `UserMessage` in the newer one.
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
  record,
  recordOrList,
  type Shape,
  tagged,
  text,
  u64,
} from "../shape.ts";
import { isObject, member } from "../json.ts";
import { uuid } from "./common.ts";

/** What is taken of a message. */
export interface Message {
  /** The text, as written. */
  readonly text: string;
  /** What stands for a message without text. */
  readonly placeholder: "[Image]" | "[Audio]" | null;
}

const textElement = recordOrList({
  byte_range: recordOrList({ start: u64, end: u64 }),
  placeholder: nullable(text),
});

const detail = oneOf("auto", "low", "high", "original");

/** The fields of a `user_message`, in their order. */
const fields099 = {
  message: text,
  images: nullable(list(text)),
  local_images: optional(list(text), []),
  text_elements: optional(list(textElement), []),
} as const;

const order = optional(list(oneOf("inline", "file")), []);
const details = optional(list(nullable(detail)), []);

const fields0169 = {
  client_id: nullable(text),
  message: text,
  images: nullable(list(text)),
  image_details: details,
  file_ids: nullable(list(text)),
  file_id_details: details,
  image_order: order,
  local_images: optional(list(text), []),
  local_image_details: details,
  audio: nullable(list(text)),
  // One more that nothing here depends on has its place in a list.
  other: anything,
  audio_order: order,
  local_audio: optional(list(text), []),
  text_elements: optional(list(textElement), []),
} as const;

function placeholderOf(images: number, audio: number): Message["placeholder"] {
  return images > 0 ? "[Image]" : audio > 0 ? "[Audio]" : null;
}

/** A `user_message` as Codex 0.99.0 takes it. */
export const userMessage099: Shape<Message> = map(
  recordOrList(fields099, 2),
  ({ message, images, local_images }) => ({
    text: message,
    placeholder: placeholderOf((images ?? []).length + local_images.length, 0),
  }),
);

/** A `user_message` as Codex 0.169.0 takes it. */
export const userMessage0169: Shape<Message> = map(
  recordOrList(fields0169),
  ({ message, images, file_ids, local_images, audio, local_audio }) => ({
    text: message,
    placeholder: placeholderOf(
      (images ?? []).length + (file_ids ?? []).length + local_images.length,
      (audio ?? []).length + local_audio.length,
    ),
  }),
);

/** A `user_message` with whatever is usable beside its text. */
export const userMessageLenient: Shape<Message> = map(
  record({
    message: text,
    images: lenient(list(() => null), []),
    file_ids: lenient(list(() => null), []),
    local_images: lenient(list(() => null), []),
    audio: lenient(list(() => null), []),
    local_audio: lenient(list(() => null), []),
  }),
  ({ message, images, file_ids, local_images, audio, local_audio }) => ({
    text: message,
    placeholder: placeholderOf(
      images.length + file_ids.length + local_images.length,
      audio.length + local_audio.length,
    ),
  }),
);

/** One part of a message: its text, or what stands for it. */
interface Part {
  readonly text: string;
  readonly stands: "image" | "audio" | null;
}

const stands = (kind: Part["stands"]): Part => ({ text: "", stands: kind });

/** A file, by where it is, or by its name where it was uploaded. */
function file(url: "image_url" | "audio_url"): Shape<unknown> {
  return either(record({ [url]: text }), record({ file_id: text }));
}

const part: Shape<Part> = tagged<Part>({
  text: map(
    recordOrList({ text, text_elements: optional(list(textElement), []) }, 1),
    ({ text }) => ({ text, stands: null }),
  ),
  image: map(both(file("image_url"), record({ detail: nullable(detail) })), () => stands("image")),
  audio: map(file("audio_url"), () => stands("audio")),
  local_image: map(recordOrList({ path: text, detail: nullable(detail) }, 1), () => stands("image")),
  local_audio: map(recordOrList({ path: text }), () => stands("audio")),
  skill: map(recordOrList({ name: text, path: text }), () => stands(null)),
  mention: map(recordOrList({ name: text, path: text }), () => stands(null)),
});

function joined(parts: readonly Part[]): Message {
  const has = (kind: Part["stands"]): boolean => parts.some((part) => part.stands === kind);
  return {
    text: parts.map(({ text }) => text).join(""),
    placeholder: has("image") ? "[Image]" : has("audio") ? "[Audio]" : null,
  };
}

const userItem: Shape<Message> = map(
  recordOrList({ id: text, client_id: nullable(text), content: list(part) }),
  ({ content }) => joined(content),
);

/** An `item_completed` of a message of the user as Codex 0.169.0 takes it. */
export const userItem0169: Shape<Message> = map(
  recordOrList({
    thread_id: uuid,
    turn_id: text,
    item: tagged({ UserMessage: userItem }),
    started_at_ms: nullable(i64),
    completed_at_ms: optional(i64, 0n),
    other: anything,
  }, 3),
  ({ item }) => item,
);

/** An `item_completed` of a message of the user with every part that is usable. */
export const userItemLenient: Shape<Message> = map(
  record({ item: record({ type: oneOf("UserMessage"), content: list(lenient(part, null)) }) }),
  ({ item }) => joined(item.content.filter((part) => part !== null)),
);

/** Whether an `item_completed` is a message of the user. */
export const isUserItem: Shape<boolean> = (value) => {
  const item = Array.isArray(value) ? value[2] : isObject(value) ? member(value, "item") : undefined;
  const type = Array.isArray(item) ? item[0] : isObject(item) ? member(item, "type") : undefined;
  return type === "UserMessage" || type === 0;
};

/** The objective of a `thread_goal_updated` as Codex 0.169.0 takes it. */
export const goal0169: Shape<string> = map(
  recordOrList({
    threadId: uuid,
    turnId: nullable(text),
    goal: recordOrList({
      threadId: uuid,
      objective: text,
      status: oneOf("active", "paused", "blocked", "usageLimited", "budgetLimited", "complete"),
      tokenBudget: nullable(i64),
      tokensUsed: i64,
      timeUsedSeconds: i64,
      createdAt: i64,
      updatedAt: i64,
    }),
  }),
  ({ goal }) => goal.objective,
);

/** The objective of a `thread_goal_updated`, whatever else is in it. */
export const goalLenient: Shape<string> = map(
  record({ goal: record({ objective: text }) }),
  ({ goal }) => goal.objective,
);
