/**
 * Values on their way between threads. The bytes of one JSON text cost a fraction of a structured clone, wherever it says the
 * same: they go over without a copy, and wait outside of the heap.
 *
 * @module
 */

/** A value as it is sent: as JSON in UTF-8, or as it is where JSON would change it. */
export type Packed<T> = PackedJson | { readonly value: T };

/** JSON in UTF-8. */
export interface PackedJson {
  /** The JSON. */
  readonly json: Uint8Array<ArrayBuffer>;
  /** Long texts, each once however often it stands there, and what marks their places. */
  readonly long?: { readonly mark: string; readonly texts: readonly Uint8Array<ArrayBuffer>[] };
}

/**
 * From so many units on a text is sent beside the JSON. Rows may hold one text several times, and what waits of thousands of them
 * would take several times as much memory.
 */
const LONG_TEXT = 8 << 10;

/** How deep a value may be nested to be sent as JSON, and how many values one level may have; also what ends one that holds itself. */
const DEPTH = 32, LEVEL_VALUES = 1 << 17;

/**
 * Packs a value that survives `structuredClone`.
 *
 * @param value The value.
 */
export function pack<T>(value: T): Packed<T> {
  const found: Found = { isLong: false };
  if (!isSameAsJson(value, found)) return { value };
  return found.isLong ? packLong(value) : { json: encoder.encode(JSON.stringify(value)) };
}

function packLong(value: unknown): PackedJson {
  // One that nobody can know stands nowhere else.
  const mark = crypto.randomUUID(), places = new Map<string, number>();
  const json = JSON.stringify(value, (_key, one: unknown) => {
    // Half of a surrogate pair survives in JSON only.
    if (typeof one !== "string" || one.length < LONG_TEXT || !one.isWellFormed()) return one;
    const place = places.get(one) ?? places.size;
    places.set(one, place);
    return [mark, place];
  });
  return {
    json: encoder.encode(json),
    long: { mark, texts: Array.from(places.keys(), (text) => encoder.encode(text)) },
  };
}

/**
 * What of a packed value is handed over rather than copied. Its sender has it no longer.
 *
 * @param packed What {@linkcode pack} made.
 */
export function transferred(packed: Packed<unknown>): ArrayBuffer[] {
  return "json" in packed ? [packed.json, ...packed.long?.texts ?? []].map(({ buffer }) => buffer) : [];
}

/**
 * How many bytes a packed value takes.
 *
 * @param packed What {@linkcode pack} made of JSON.
 */
export function lengthOfJson({ json, long }: PackedJson): number {
  return (long?.texts ?? []).reduce((length, text) => length + text.length, json.length);
}

/**
 * Unpacks a value, once: the bytes are given back at once, of which the collector of garbage knows little.
 *
 * @param packed What {@linkcode pack} made.
 */
export function unpack<T>(packed: Packed<T>): T {
  if (!("json" in packed)) return packed.value;
  const { json, long } = packed;
  if (!long) return JSON.parse(taken(json));
  const { mark } = long, texts = long.texts.map(taken);
  const holder = { value: JSON.parse(taken(json)) };
  putBack(holder, mark, texts);
  return holder.value;
}

/** Puts texts in their places, which takes a fraction of what it takes JSON itself to ask about every value. */
function putBack(holder: object, mark: string, texts: readonly string[]): void {
  const objects: object[] = [holder];
  for (let object; (object = objects.pop());) {
    const entries: [string, unknown][] = Object.entries(object);
    for (const [key, one] of entries) {
      if (typeof one !== "object" || one === null) continue;
      if (Array.isArray(one) && one.length === 2 && one[0] === mark) Reflect.set(object, key, texts[one[1]]);
      else objects.push(one);
    }
  }
}

function taken(bytes: Uint8Array<ArrayBuffer>): string {
  const text = decoder.decode(bytes);
  bytes.buffer.transfer(0);
  return text;
}

const encoder = new TextEncoder(), decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What was found in a value on the way. */
interface Found {
  /** Whether it holds a long text. */
  isLong: boolean;
}

/** Big integers, dates, maps, `undefined`, NaN and the like are nothing that JSON gives back. */
function isSameAsJson(value: unknown, found: Found): boolean {
  // Level by level and not by recursion, which V8 takes long to optimize.
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH) return false;
    const next: unknown[] = [];
    for (let at = 0; at < level.length; at++) {
      const one = level[at];
      switch (typeof one) {
        case "string":
          if (one.length >= LONG_TEXT) found.isLong = true;
          break;
        case "boolean":
          break;
        case "number":
          if (!Number.isFinite(one) || Object.is(one, -0)) return false;
          break;
        case "object":
          // Looked at before the next level is gone through: of what holds itself each is many times as large as the one before.
          if (one !== null && !addValues(one, next) || next.length > LEVEL_VALUES) return false;
          break;
        default:
          return false;
      }
    }
    level = next;
  }
  return true;
}

/** Adds the values that an array or a plain object holds; says whether JSON gives it back as such. */
function addValues(value: object, to: unknown[]): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) {
    // The holes of an array are not among its keys, but would be null.
    if (prototype !== Array.prototype || Object.keys(value).length !== value.length) return false;
    for (let at = 0; at < value.length; at++) to.push(value[at]);
    return true;
  }
  if (prototype !== Object.prototype || !isRecord(value)) return false;
  // Without a list of the keys or the values: this looks at everything that goes from thread to thread.
  for (const key in value) to.push(value[key]);
  return true;
}

function isRecord(value: object): value is Record<string, unknown> {
  return !Array.isArray(value);
}
