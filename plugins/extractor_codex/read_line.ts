/**
 * One line of a rollout: what it says, as far as a column depends on it.
 *
 * @module
 */
import { isObject, type Json, type JsonObject, member, parseJson } from "./json/json.ts";
import { holdsTooMuch } from "./line_size.ts";
import { otherEvent, otherLine, responseItem } from "./shapes/other_lines.ts";
import type { Profile } from "./profiles.ts";
import { both, onlyWord, REFUSED, type Shape, u64 } from "./shapes/shape.ts";
import type { Message } from "./shapes/message.ts";
import { hasUnknownHistoryMode, type SessionMeta } from "./shapes/session_meta.ts";
import type { Turn } from "./shapes/turn.ts";

/** What a line says. */
export type LineItem =
  | { readonly kind: "meta"; readonly meta: SessionMeta; readonly line: string }
  | { readonly kind: "refusal" }
  | { readonly kind: "turn"; readonly turn: Turn }
  | { readonly kind: "settings"; readonly turn: Turn }
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "goal"; readonly objective: string }
  | { readonly kind: "tokens"; readonly total: bigint | null; readonly last: bigint | null }
  | { readonly kind: "request" }
  | { readonly kind: "response"; readonly line: string }
  | { readonly kind: "other" }
  | { readonly kind: "unknown"; readonly type: string };

/** A line that was read. */
export interface ReadLine {
  /** What it says. */
  readonly item: LineItem;
  /** Its timestamp, as written; empty if it has none. */
  readonly timestamp: string;
  /** Its ordinal, or `null`. */
  readonly ordinal: bigint | null;
  /** The thread that it names, or `null`. */
  readonly thread: string | null;
  /** The turn that it names, or `null`. */
  readonly turn: string | null;
}

/**
 * Reads one line.
 *
 * @param line The line.
 * @param profile How.
 * @param isPlain Whether it is known that a careless parser is enough, as a scanner finds it that makes it shorter.
 * @returns What it says, or `undefined` if it is malformed.
 */
export function readLine(line: string, profile: Profile, isPlain = false): ReadLine | undefined {
  let value: Json;
  if (holdsTooMuch(line)) return undefined;
  try {
    value = isPlain ? JSON.parse(line) : parseJson(line, profile.numbers);
  } catch {
    return refusesDespite(line, profile) ? REFUSAL : undefined;
  }
  if (!isObject(value)) return undefined;
  const timestamp = member(value, "timestamp"), tag = member(value, "type"), payload = member(value, "payload");
  const type = profile.takesTypeAsKey && isObject(tag) ? onlyWord(tag) : tag;
  if (typeof type !== "string" || payload === undefined) return undefined;
  if (isRefusal(value, profile)) return REFUSAL;
  if (profile.needsTimestamp && typeof timestamp !== "string") return undefined;
  if (profile.checksOrdinal && !ordinalFits(member(value, "ordinal"))) return undefined;
  const item = readPayload(type, payload, line, profile);
  if (item === REFUSED) return undefined;
  const ordinal = u64(member(value, "ordinal"));
  return {
    item,
    timestamp: textOr(timestamp) ?? "",
    ordinal: ordinal === REFUSED ? null : ordinal,
    thread: isObject(payload) ? textOr(member(payload, "thread_id")) : null,
    turn: isObject(payload) ? textOr(member(payload, "turn_id")) : null,
  };
}

/** What a session_meta says whose history_mode is refused, whatever else is wrong with the line. */
const REFUSAL: ReadLine = { item: { kind: "refusal" }, timestamp: "", ordinal: null, thread: null, turn: null };

/** Whether a line is such a session_meta that cannot be read for a number that is in it: that comes to light only later. */
function refusesDespite(line: string, profile: Profile): boolean {
  if (!profile.refusesHistoryModes || !profile.numbers.keepsSpelling) return false;
  try {
    return isRefusal(parseJson(line, { ...profile.numbers, keepsSpelling: false }), profile);
  } catch {
    return false;
  }
}

function isRefusal(value: Json, { refusesHistoryModes }: Profile): boolean {
  return refusesHistoryModes && isObject(value) && member(value, "type") === "session_meta" &&
    hasUnknownHistoryMode(member(value, "payload") ?? null);
}

function textOr(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}

function ordinalFits(ordinal: Json | undefined): boolean {
  return ordinal === undefined || ordinal === null || u64(ordinal) !== REFUSED;
}

function readPayload(type: string, payload: Json, line: string, profile: Profile): LineItem | typeof REFUSED {
  if (!profile.lineTypes.has(type)) return unknown(type, profile);
  switch (type) {
    case "session_meta":
      return take(profile.shapes.sessionMeta, payload, (meta) => ({ kind: "meta", meta, line }));
    case "turn_context":
      return take(profile.shapes.turnContext, payload, (turn) => ({ kind: "turn", turn }));
    case "event_msg":
      return readEvent(payload, profile);
    case "response_item": {
      const inner = isObject(payload) ? member(payload, "type") : undefined;
      return typeof inner === "string"
        ? take(responseItem(inner, profile.name), payload, () => ({ kind: "response", line }))
        : REFUSED;
    }
    case "token_usage_record":
      return take(otherLine(type, profile.name), payload, () => ({ kind: "request" }));
    default:
      return take(otherLine(type, profile.name), payload, () => ({ kind: "other" }));
  }
}

function readEvent(payload: Json, profile: Profile): LineItem | typeof REFUSED {
  const event = eventOf(payload, profile);
  if (!event) return REFUSED;
  const { type, fields } = event;
  const { shapes } = profile;
  if (!profile.eventTypes.has(type)) return unknown(`event_msg/${type}`, profile);
  switch (type) {
    case "user_message":
      return take(shapes.userMessage, fields, (message) => ({ kind: "message", message }));
    case "token_count":
      return take(shapes.tokenCount, fields, (tokens) => ({ kind: "tokens", ...tokens }));
    case "item_completed":
      return take(shapes.item, fields, (message) => message ? { kind: "message", message } : { kind: "other" });
    case "thread_settings_applied":
      if (!shapes.threadSettings) return { kind: "other" };
      return take(shapes.threadSettings, fields, (turn) => ({ kind: "settings", turn }));
    case "thread_goal_updated":
      if (!shapes.goal) return { kind: "other" };
      return take(shapes.goal, fields, (objective) => ({ kind: "goal", objective }));
    case "item_started":
      return take(both(shapes.item, otherEvent(type, profile.name)), fields, () => ({ kind: "other" }));
    default:
      return take(otherEvent(type, profile.name), fields, () => ({ kind: "other" }));
  }
}

/** An event is an object with a type, or a list that begins with one. The type may be a number. */
function eventOf(
  payload: Json,
  { eventNumbers }: Profile,
): { type: string; fields: JsonObject | readonly Json[] } | undefined {
  const [tag, fields] = Array.isArray(payload)
    ? [payload[0], payload.slice(1)]
    : isObject(payload)
    ? [member(payload, "type"), payload]
    : [];
  const type = typeof tag === "number" ? eventNumbers[tag] : tag;
  return typeof type === "string" && fields ? { type, fields } : undefined;
}

function unknown(type: string, profile: Profile): LineItem | typeof REFUSED {
  return profile.countsUnknown ? { kind: "unknown", type } : REFUSED;
}

function take<T>(shape: Shape<T>, value: Json, make: (taken: T) => LineItem): LineItem | typeof REFUSED {
  const taken = shape(value);
  return taken === REFUSED ? REFUSED : make(taken);
}
