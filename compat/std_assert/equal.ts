/**
 * Whether two values are the same by their contents.
 *
 * @module
 */

/**
 * Compares by contents: same class, same own keys (one that is `undefined` counts), same values; `NaN` equals itself.
 *
 * @param a One value.
 * @param b The other.
 */
export function equal(a: unknown, b: unknown): boolean {
  return same(a, b, new Map());
}

function same(a: unknown, b: unknown, open: Map<object, object>): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (classOf(a) !== classOf(b)) return false;
  // A cycle is equal if its turns so far were.
  if (open.get(a) === b) return true;
  open.set(a, b);
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  if (a instanceof RegExp && b instanceof RegExp) return String(a) === String(b);
  if (a instanceof URL && b instanceof URL) return a.href === b.href;
  if (a instanceof Error && b instanceof Error && a.message !== b.message) return false;
  const bytes = bytesOf(a), others = bytesOf(b);
  if (bytes && others) return same(bytes, others, open);
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return a.length === b.length && a.every((byte, at) => byte === b[at]);
  }
  if (a instanceof Set && b instanceof Set) {
    return a.size === b.size && [...a].every((x) => b.has(x) || [...b].some((y) => same(x, y, open)));
  }
  if (a instanceof Map && b instanceof Map) {
    return a.size === b.size &&
      [...a].every(([k, v]) => [...b].some(([l, w]) => same(k, l, open) && same(v, w, open)));
  }
  const keys = Reflect.ownKeys(a);
  return keys.length === Reflect.ownKeys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(Reflect.get(a, key), Reflect.get(b, key), open));
}

/** The bytes of a buffer, or of a view that has none of them as keys. */
function bytesOf(value: object): Uint8Array | undefined {
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return new Uint8Array(value);
  return value instanceof DataView ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : undefined;
}

/** The class of an object; one without a prototype counts as a plain object. */
function classOf(value: object): unknown {
  return Object.getPrototypeOf(value)?.constructor ?? Object;
}
