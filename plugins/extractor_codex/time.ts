/**
 * The times that Codex can read, as milliseconds since the epoch.
 *
 * @module
 */
import { SPACE_CLASS } from "../whitespace.ts";

/** `2026-01-27T12-34-56`, with the laxness of Rust's `chrono`: short fields, white space before them, a signed year. */
const DASHED = new RegExp(
  "^s*([+-]\\d+|\\d{1,4})-s*(\\d{1,2})-s*(\\d{1,2})Ts*(\\d{1,2})-s*(\\d{1,2})-s*(\\d{1,2})$".replaceAll(
    "s*",
    `[${SPACE_CLASS}]*`,
  ),
);

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+\-\u2212])(\d\d):(\d\d))$/;

/** The time in a rollout's file name: nothing lax about it. */
const FILE_NAME = /^([+-]?\d{4})-(\d\d)-(\d\d)T(\d\d)-(\d\d)-(\d\d)$/;

/** What the CLI writes, of which nothing has to be checked: no month has fewer days, and no second is a leap second. */
const USUAL = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** The years that `chrono` can hold. */
const YEARS = { least: -262_143, most: 262_142 } as const;

/**
 * Reads the timestamp of a session_meta.
 *
 * @param text The text: the dashed form, else RFC 3339.
 * @returns Milliseconds since the epoch and whether it was a leap second, or `undefined`.
 */
export function parseTimestamp(text: string): { readonly ms: number; readonly leap: boolean } | undefined {
  if (USUAL.test(text)) return { ms: Date.parse(text), leap: false };
  const dashed = DASHED.exec(text);
  if (dashed) {
    const at = fromFields(dashed.slice(1).map(Number));
    // The part of a second that a leap second is written with is cut off in this form.
    return at && { ms: at.leap ? at.ms - 1000 : at.ms, leap: false };
  }
  const match = RFC_3339.exec(text);
  if (!match) return undefined;
  const at = fromFields(match.slice(1, 7).map(Number));
  const [fraction = "", sign, hours = "0", minutes = "0"] = match.slice(7);
  if (!at || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === "+" || sign === undefined ? 1 : -1);
  return { ms: at.ms - offset + Number(fraction.padEnd(3, "0").slice(0, 3)), leap: at.leap };
}

/**
 * Reads the time in a file name, which is taken for UTC.
 *
 * @param text The time, e.g. `2026-01-27T12-34-56`.
 * @param signed Whether a sign may stand before the year.
 * @returns Milliseconds since the epoch, or `undefined`.
 */
export function parseFileNameTime(text: string, signed: boolean): number | undefined {
  const match = FILE_NAME.exec(text);
  if (!match || (!signed && /^[+-]/.test(text))) return undefined;
  const at = fromFields(match.slice(1).map(Number));
  return at && !at.leap ? at.ms : undefined;
}

/** A leap second counts as the second before it plus one. */
function fromFields(fields: readonly number[]): { ms: number; leap: boolean } | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  if (year < YEARS.least || year > YEARS.most || hour > 23 || minute > 59 || second > 60) return undefined;
  const leap = second === 60;
  // No other date has these fields, so that it need not be looked at again. Years before 100 mean others to this function.
  if (year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= 28) {
    return { ms: Date.UTC(year, month - 1, day, hour, minute, leap ? 60 : second), leap };
  }
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return { ms: date.getTime() + (hour * 60 + minute) * 60_000 + (leap ? 60 : second) * 1000, leap };
}
