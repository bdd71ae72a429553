/**
 * What a user said in the older dialect: `user_message`; and what a thread is to achieve: `thread_goal_updated`.
 *
 * @module
 */
import {
  anything,
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
  text,
  u64,
} from "./shape.ts";
import { uuid } from "./common.ts";

/** What is taken of a message. */
export interface Message {
  /** The text, as written. */
  readonly text: string;
  /** What stands for a message without text. */
  readonly placeholder: "[Image]" | "[Audio]" | null;
}

/** A stretch of a text that stands for something else. */
export const textElement: Shape<unknown> = recordOrList({
  byte_range: recordOrList({ start: u64, end: u64 }),
  placeholder: nullable(text),
});

/** How closely an image is to be looked at. */
export const detail: Shape<string> = oneOf("auto", "low", "high", "original");

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

/** What stands for a message without text. */
export function placeholderOf(images: number, audio: number): Message["placeholder"] {
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
