/**
 * Values on their way between threads. One JSON text costs a fraction of a structured clone, wherever it says the same.
 *
 * @module
 */

/** A value as it is sent: as JSON, or as it is where JSON would change it. */
export type Packed<T> = { readonly json: string } | { readonly value: T };

/** How deep a value may be nested to be sent as JSON; also what ends one that holds itself. */
const DEPTH = 32;

/**
 * Packs a value that survives `structuredClone`.
 *
 * @param value The value.
 */
export function pack<T>(value: T): Packed<T> {
  return isSameAsJson(value, DEPTH) ? { json: JSON.stringify(value) } : { value };
}

/**
 * Unpacks a value.
 *
 * @param packed What {@linkcode pack} made.
 */
export function unpack<T>(packed: Packed<T>): T {
  return "json" in packed ? JSON.parse(packed.json) : packed.value;
}

/** Big integers, dates, maps, `undefined`, NaN and the like are nothing that JSON gives back. */
function isSameAsJson(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0);
    case "object": {
      if (value === null) return true;
      if (depth === 0) return false;
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype !== Object.prototype && prototype !== Array.prototype) return false;
      // The holes of an array are not among its values, but would be null.
      const values = Object.values(value);
      if (Array.isArray(value) && values.length !== value.length) return false;
      return values.every((one) => isSameAsJson(one, depth - 1));
    }
    default:
      return false;
  }
}
