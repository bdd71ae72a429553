/**
 * Values on their way between threads. The bytes of one JSON text cost a fraction of a structured clone, wherever it says the
 * same: they go over without a copy, and wait outside of the heap.
 *
 * @module
 */

/** A value as it is sent: as JSON in UTF-8, or as it is where JSON would change it. */
export type Packed<T> = { readonly json: Uint8Array<ArrayBuffer> } | { readonly value: T };

/** How deep a value may be nested to be sent as JSON; also what ends one that holds itself. */
const DEPTH = 32;

/**
 * Packs a value that survives `structuredClone`.
 *
 * @param value The value.
 */
export function pack<T>(value: T): Packed<T> {
  return isSameAsJson(value, DEPTH) ? { json: encoder.encode(JSON.stringify(value)) } : { value };
}

/**
 * What of a packed value is handed over rather than copied. Its sender has it no longer.
 *
 * @param packed What {@linkcode pack} made.
 */
export function transferred(packed: Packed<unknown>): ArrayBuffer[] {
  return "json" in packed ? [packed.json.buffer] : [];
}

/**
 * Unpacks a value, once: the bytes are given back at once, of which the collector of garbage knows little.
 *
 * @param packed What {@linkcode pack} made.
 */
export function unpack<T>(packed: Packed<T>): T {
  if (!("json" in packed)) return packed.value;
  const text = decoder.decode(packed.json);
  packed.json.buffer.transfer(0);
  return JSON.parse(text);
}

const encoder = new TextEncoder(), decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Big integers, dates, maps, `undefined`, NaN and the like are nothing that JSON gives back. */
function isSameAsJson(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0);
    case "object":
      return value === null || depth > 0 && holdsTheSame(value, depth - 1);
    default:
      return false;
  }
}

function holdsTheSame(value: object, depth: number): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) {
    // The holes of an array are not among its keys, but would be null.
    return prototype === Array.prototype && Object.keys(value).length === value.length &&
      value.every((one) => isSameAsJson(one, depth));
  }
  if (prototype !== Object.prototype || !isRecord(value)) return false;
  // Without a list of the keys or the values: this looks at everything that goes from thread to thread.
  for (const key in value) if (!isSameAsJson(value[key], depth)) return false;
  return true;
}

function isRecord(value: object): value is Record<string, unknown> {
  return !Array.isArray(value);
}
