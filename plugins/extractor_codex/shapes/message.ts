/**
 * What a user said: `user_message` in the older dialect, `item_completed` with a `UserMessage` in the newer one.
 *
 * @module
 */
import {
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

function userMessage(audio: Shape<readonly unknown[] | null>, clientId: Shape<unknown>): Shape<Message> {
  return map(
    recordOrList({
      message: text,
      images: nullable(list(text)),
      local_images: optional(list(text), []),
      text_elements: optional(list(textElement), []),
      audio,
      local_audio: audio,
      client_id: clientId,
    }, 2),
    ({ message, images, local_images, audio, local_audio }) => {
      const some = (list: readonly unknown[] | null): boolean => list !== null && list.length > 0;
      const placeholder = some(images) || some(local_images)
        ? "[Image]"
        : some(audio) || some(local_audio)
        ? "[Audio]"
        : null;
      return { text: message, placeholder };
    },
  );
}

const ignored: Shape<null> = () => null;

/** A `user_message` as Codex 0.99.0 takes it. */
export const userMessage099: Shape<Message> = userMessage(ignored, ignored);

/** A `user_message` as Codex 0.169.0 takes it. */
export const userMessage0169: Shape<Message> = userMessage(nullable(list(text)), nullable(text));

/** A `user_message` with whatever is usable beside its text. */
export const userMessageLenient: Shape<Message> = map(
  record({
    message: text,
    images: lenient(list(() => null), []),
    local_images: lenient(list(() => null), []),
    audio: lenient(list(() => null), []),
    local_audio: lenient(list(() => null), []),
  }),
  ({ message, images, local_images, audio, local_audio }) => ({
    text: message,
    placeholder: images.length + local_images.length > 0
      ? "[Image]"
      : audio.length + local_audio.length > 0
      ? "[Audio]"
      : null,
  }),
);

/** One part of a message: its text, or what stands for it. */
interface Part {
  readonly text: string;
  readonly stands: "image" | "audio" | null;
}

const stands = (kind: Part["stands"]): Part => ({ text: "", stands: kind });

const part: Shape<Part> = tagged<Part>({
  text: map(
    record({ text, text_elements: optional(list(textElement), []) }),
    ({ text }) => ({ text, stands: null }),
  ),
  image: map(record({ image_url: text }), () => stands("image")),
  local_image: map(record({ path: text }), () => stands("image")),
  audio: map(record({}), () => stands("audio")),
  local_audio: map(record({ path: text }), () => stands("audio")),
  skill: map(record({ name: text, path: text }), () => stands(null)),
  mention: map(record({ name: text, path: text }), () => stands(null)),
});

function joined(parts: readonly Part[]): Message {
  const has = (kind: Part["stands"]): boolean => parts.some((part) => part.stands === kind);
  return {
    text: parts.map(({ text }) => text).join(""),
    placeholder: has("image") ? "[Image]" : has("audio") ? "[Audio]" : null,
  };
}

/** An `item_completed` of a message of the user as Codex 0.169.0 takes it. */
export const userItem0169: Shape<Message> = map(
  record({
    thread_id: uuid,
    turn_id: text,
    item: record({ type: oneOf("UserMessage"), id: text, content: list(part) }),
  }),
  ({ item }) => joined(item.content),
);

/** An `item_completed` of a message of the user with every part that is usable. */
export const userItemLenient: Shape<Message> = map(
  record({ item: record({ type: oneOf("UserMessage"), content: list(lenient(part, null)) }) }),
  ({ item }) => joined(item.content.filter((part) => part !== null)),
);

/** Whether an `item_completed` is a message of the user. */
export const isUserItem: Shape<boolean> = (value) => {
  const item = isObject(value) ? member(value, "item") : undefined;
  return isObject(item) ? member(item, "type") === "UserMessage" : REFUSED;
};

/** The objective of a `thread_goal_updated`. */
export const goal: Shape<string> = map(
  record({ goal: record({ objective: text }) }),
  ({ goal }) => goal.objective,
);
