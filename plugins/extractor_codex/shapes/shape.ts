/**
 * Shapes: what a JSON value must look like to be taken, and what is taken of it. They do what Rust's `serde` does when it
 * reads a struct: a field that is there has the right type, or the whole value is refused.
 *
 * @module
 */
import { isObject, type Json, type JsonObject, member, RawNumber } from "../json/json.ts";
import { isInteger64 } from "../json/number_text.ts";

/** The answer of a shape to a value that does not fit. */
export const REFUSED: unique symbol = Symbol("refused");

/** Takes a value, or refuses it. A field that is absent is `undefined`. */
export type Shape<T> = (value: Json | undefined) => T | typeof REFUSED;

/** What a shape takes. */
export type Taken<S> = S extends Shape<infer T> ? T : never;

/** A string. */
export const text: Shape<string> = (value) => typeof value === "string" ? value : REFUSED;

/** A boolean. */
export const boolean: Shape<boolean> = (value) => typeof value === "boolean" ? value : REFUSED;

/** Any number. */
export const number: Shape<number | RawNumber> = (value) =>
  typeof value === "number" || value instanceof RawNumber ? value : REFUSED;

/** Anything that is there. */
export const present: Shape<Json> = (value) => value === undefined ? REFUSED : value;

/** Nothing: what is there is refused. */
export const absent: Shape<undefined> = (value) => value === undefined ? undefined : REFUSED;

/** Anything, there or not. */
export const anything: Shape<Json | undefined> = (value) => value;

/** An integer of 64 bits or less between two bounds. */
function integer(least: bigint, most: bigint): Shape<bigint> {
  return (value) => {
    let exact: bigint;
    if (typeof value === "number") exact = BigInt(value);
    else if (value instanceof RawNumber && isInteger64(value.text)) exact = BigInt(value.text);
    else return REFUSED;
    return exact >= least && exact <= most ? exact : REFUSED;
  };
}

/** An integer of 64 bits. */
export const i64: Shape<bigint> = integer(-(2n ** 63n), 2n ** 63n - 1n);

/** An integer of 64 bits, not negative. */
export const u64: Shape<bigint> = integer(0n, 2n ** 64n - 1n);

/** An integer of 32 bits. */
export const i32: Shape<bigint> = integer(-(2n ** 31n), 2n ** 31n - 1n);

/** One of some words; it may also be written as an object with the word as its only key and nothing as its value. */
export function oneOf<W extends string>(...words: readonly W[]): Shape<W> {
  return (value) => {
    const word = isObject(value) ? onlyWord(value) : value;
    return words.find((one) => one === word) ?? REFUSED;
  };
}

/** The only key of an object whose value is nothing: null, or an object without members. */
export function onlyWord(object: JsonObject): string | undefined {
  const [first, more] = Object.entries(object);
  if (!first || more) return undefined;
  const [word, value] = first;
  return value === null || (isObject(value) && Object.keys(value).length === 0) ? word : undefined;
}

/** A value that may be null or absent. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value) => value === undefined || value === null ? null : shape(value);
}

/** A value that may be absent, but not null. */
export function optional<T, D>(shape: Shape<T>, absent: D): Shape<T | D> {
  return (value) => value === undefined ? absent : shape(value);
}

/** A value that is ignored if it does not fit. */
export function lenient<T, D>(shape: Shape<T>, otherwise: D): Shape<T | D> {
  return (value) => {
    const taken = shape(value);
    return taken === REFUSED ? otherwise : taken;
  };
}

/** The first shape that fits. */
export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return (value) => {
    const taken = first(value);
    return taken === REFUSED ? second(value) : taken;
  };
}

/** What the first shape takes, if the second takes the value too. */
export function both<T>(first: Shape<T>, second: Shape<unknown>): Shape<T> {
  return (value) => second(value) === REFUSED ? REFUSED : first(value);
}

/** What a shape takes, made into something else; it may still be refused. */
export function map<A, B>(shape: Shape<A>, make: (taken: A) => B | typeof REFUSED): Shape<B> {
  return (value) => {
    const taken = shape(value);
    return taken === REFUSED ? REFUSED : make(taken);
  };
}

/** A list of values of one shape. */
export function list<T>(shape: Shape<T>): Shape<T[]> {
  return (value) => {
    if (!Array.isArray(value)) return REFUSED;
    const all: T[] = [];
    for (const one of value) {
      const taken = shape(one);
      if (taken === REFUSED) return REFUSED;
      all.push(taken);
    }
    return all;
  };
}

/** What a shape takes, if it is also true of it. */
export function only<T>(shape: Shape<T>, holds: (taken: T) => boolean): Shape<T> {
  return map(shape, (taken) => holds(taken) ? taken : REFUSED);
}

/** The fields of a record, by name. */
type Fields = Readonly<Record<string, Shape<unknown>>>;

/** What a record takes. */
type TakenFields<F extends Fields> = { readonly [K in keyof F]: Taken<F[K]> };

/** An object with some fields; others are ignored. */
export function record<F extends Fields>(fields: F): Shape<TakenFields<F>> {
  const entries = Object.entries(fields);
  return (value) => isObject(value) ? takeFields<F>(value, entries) : REFUSED;
}

/**
 * A record that may also be written as a list of its fields in order.
 *
 * @param fields The fields.
 * @param least How many of them a list must have. Default: all.
 */
export function recordOrList<F extends Fields>(
  fields: F,
  least: number = Object.keys(fields).length,
): Shape<TakenFields<F>> {
  const entries = Object.entries(fields);
  const plain = record(fields);
  return (value) => {
    if (!Array.isArray(value)) return plain(value);
    if (value.length < least || value.length > entries.length) return REFUSED;
    const object: Record<string, Json> = Object.create(null);
    for (const [at, one] of value.entries()) object[entries[at]?.[0] ?? ""] = one;
    return takeFields<F>(object, entries);
  };
}

/** An object with some fields and no others. */
export function closedRecord<F extends Fields>(fields: F): Shape<TakenFields<F>> {
  const open = record(fields);
  return (value) => hasOnly(value, fields) ? open(value) : REFUSED;
}

/** A {@linkcode recordOrList} whose object has no other fields. */
export function closedRecordOrList<F extends Fields>(fields: F, least: number): Shape<TakenFields<F>> {
  const open = recordOrList(fields, least);
  return (value) => Array.isArray(value) || hasOnly(value, fields) ? open(value) : REFUSED;
}

function hasOnly(value: Json | undefined, fields: Fields): boolean {
  return isObject(value) && Object.keys(value).every((key) => Object.hasOwn(fields, key));
}

function takeFields<F extends Fields>(
  object: JsonObject,
  entries: readonly (readonly [string, Shape<unknown>])[],
): TakenFields<F> | typeof REFUSED {
  const all: Record<string, unknown> = {};
  for (const [key, shape] of entries) {
    const taken = shape(member(object, key));
    if (taken === REFUSED) return REFUSED;
    all[key] = taken;
  }
  // Every field was taken by the shape of its name.
  return all as TakenFields<F>;
}

/** How {@linkcode tagged} finds a variant. */
interface TagOptions {
  /** The name of the field. Default: `type`. */
  readonly field?: string;
  /** Further names of variants. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/**
 * A record one of whose fields says which of several records it is. It may also be written as a list that begins with that field,
 * and the field may be the number of the variant.
 *
 * @param variants The shape of the rest, by type, in the order of their numbers.
 * @param options How a variant is found.
 */
export function tagged<T>(
  variants: Readonly<Record<string, Shape<T>>>,
  { field = "type", aliases = {} }: TagOptions = {},
): Shape<T> {
  const numbered = Object.values(variants);
  return (value) => {
    const tag = Array.isArray(value) ? value[0] : isObject(value) ? member(value, field) : undefined;
    const named = typeof tag === "string" ? member(variants, member(aliases, tag) ?? tag) : undefined;
    const variant = typeof tag === "number" ? numbered[tag] : named;
    return variant ? variant(Array.isArray(value) ? value.slice(1) : value) : REFUSED;
  };
}
