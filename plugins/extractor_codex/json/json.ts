/**
 * JSON as Codex reads it: what `JSON.parse` takes is not always what Rust's `serde_json` takes.
 *
 * Numbers that JavaScript would change (fractions, exponents, `-0`, more than fifteen digits) keep their text, so that
 * `1.0` stays apart from `1`. Halves of surrogate pairs and nesting of 128 levels are refused.
 *
 * @module
 */
import { isSpelledByRust, needs128Bits } from "./number_text.ts";

/** A number that a JavaScript number cannot stand for without loss. */
export class RawNumber {
  /** Keeps the text of a number. */
  constructor(
    /** The number as it is written. */
    readonly text: string,
  ) {}
}

/** A JSON value. Objects have no prototype, so that no key is special. */
export type Json = null | boolean | string | number | RawNumber | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  /** A member. */
  readonly [key: string]: Json;
}

/** A JSON value whose objects keep the order of their keys, integer-like ones included. */
export type OrderedJson = null | boolean | string | number | RawNumber | OrderedJson[] | Map<string, OrderedJson>;

/** How versions of Codex differ in reading numbers. */
export interface NumberRules {
  /** Whether `-0` counts as an integer. */
  readonly negativeZeroIsInteger: boolean;
  /** Whether a number too large for a double is refused. */
  readonly refusesInfinity: boolean;
  /**
   * Whether a number keeps its spelling until a field asks for it. Then an integer that needs 65 to 128 bits is refused wherever
   * it stands, unless a repeated key replaces it, and a fraction that Rust would not spell like that is an object to a field
   * that asks for a number.
   */
  readonly keepsSpelling: boolean;
}

/** A number that needs its text kept. */
const UNUSUAL_NUMBER = /-0|\d[.eE]|\d{16}/;

/**
 * The same where a value of an object or an array can be; inside a string it only costs time. What a `used_percent` mostly looks
 * like is left out: every token count has some, and to the field one number is as good as another that Rust spells like that.
 */
const UNUSUAL_VALUE =
  /(?:"[ \t\n\r]*:|[[,])[ \t\n\r]*(?!(?<="used_percent": ?)\d{1,3}\.(?:0|\d{0,3}[1-9])[,}])(?:-0|-?\d+[.eE]|-?\d{16})/;

/** What JSON cannot have in a string as it is. */
const UNPLAIN = /[^ -[\]-\uffff]/;

/** An escaped half of a surrogate pair, alone or not. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/** The key of the object that `serde_json` makes of a number that keeps its spelling. */
const SPELLED_NUMBER = "$serde_json::private::Number";

/** Levels of nesting that are refused. */
const DEPTH_LIMIT = 128;

/**
 * Parses one line: an object or an array.
 *
 * @param text The line.
 * @param rules How numbers are read.
 * @returns The value.
 * @throws {SyntaxError} If it is not JSON to Codex.
 */
export function parseJson(text: string, rules: NumberRules): Json {
  if (UNUSUAL_VALUE.test(text) || SURROGATE_ESCAPE.test(text)) return unordered(parseOrdered(text, rules));
  if (mayBeDeep(text) && isDeep(text)) throw new SyntaxError("recursion limit exceeded");
  return JSON.parse(text);
}

/** Whether a value is an object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof RawNumber);
}

/** Whether an object stands for a number that keeps its spelling. */
export function isSpelledNumber(object: JsonObject): boolean {
  return Object.hasOwn(object, SPELLED_NUMBER);
}

/** A member of an object, if it has one of its own by that name. */
export function member<T>(object: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function mayBeDeep(text: string): boolean {
  let opened = 0;
  for (let at = text.indexOf("["); at >= 0; at = text.indexOf("[", at + 1)) if (++opened >= DEPTH_LIMIT) return true;
  for (let at = text.indexOf("{"); at >= 0; at = text.indexOf("{", at + 1)) if (++opened >= DEPTH_LIMIT) return true;
  return false;
}

/** Whether JSON is nested too deeply. Of a text that is no JSON it may say anything. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) {
      at = endOfString(text, at + 1);
      if (at < 0) return false;
    } else if (unit === 0x5b || unit === 0x7b) {
      if (++depth >= DEPTH_LIMIT) return true;
    } else if (unit === 0x5d || unit === 0x7d) depth--;
  }
  return false;
}

/**
 * Finds where a string of JSON ends.
 *
 * @param text The JSON.
 * @param from Where the string begins, behind its quote.
 * @returns Where the quote is that ends it; negative if there is none.
 */
export function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (at - slashes > from && text[at - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

function unordered(value: OrderedJson): Json {
  if (Array.isArray(value)) return value.map(unordered);
  if (!(value instanceof Map)) return value;
  const object: Record<string, Json> = Object.create(null);
  for (const [key, one] of value) object[key] = unordered(one);
  return object;
}

/** Is told of a repeated key: the keys that lead to it, and the key itself. Elements of arrays have none. */
export type OnRepeat = (path: readonly string[]) => void;

/**
 * Parses one line and keeps the order of keys. A repeated key has its last value in its first place.
 *
 * @param text The line.
 * @param rules How numbers are read.
 * @param onRepeat Is told of repeated keys.
 * @returns The value.
 * @throws {SyntaxError} If it is not JSON to Codex.
 */
export function parseOrdered(text: string, rules: NumberRules, onRepeat?: OnRepeat): OrderedJson {
  return new Parser(text, rules, onRepeat).parse();
}

const TOKEN = /[ \t\n\r]*(?:([{}[\],:])|(true|false|null)|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|("))/y;

class Parser {
  readonly #text: string;
  readonly #rules: NumberRules;
  readonly #onRepeat: OnRepeat | undefined;
  readonly #path: string[] = [];
  /** Whether there was an integer that is refused if it is still there in the end. */
  #isWide = false;
  #at = 0;
  #depth = 0;

  constructor(text: string, rules: NumberRules, onRepeat: OnRepeat | undefined) {
    this.#text = text;
    this.#rules = rules;
    this.#onRepeat = onRepeat;
  }

  parse(): OrderedJson {
    const value = this.#value(this.#token());
    if (/[^ \t\n\r]/.test(this.#text.slice(this.#at))) throw new SyntaxError("trailing characters");
    if (this.#isWide && holdsWide(value)) throw new SyntaxError("number out of range");
    return value;
  }

  #token(): string {
    TOKEN.lastIndex = this.#at;
    const match = TOKEN.exec(this.#text);
    if (!match) throw new SyntaxError("unexpected character");
    this.#at = TOKEN.lastIndex;
    return match[1] ?? match[2] ?? match[3] ?? '"';
  }

  #value(token: string): OrderedJson {
    switch (token) {
      case "{":
        return this.#nested(() => this.#object());
      case "[":
        return this.#nested(() => this.#array());
      case '"':
        return this.#string();
      case "true":
        return true;
      case "false":
        return false;
      case "null":
        return null;
      case "}":
      case "]":
      case ",":
      case ":":
        throw new SyntaxError(`unexpected ${token}`);
      default:
        return this.#number(token);
    }
  }

  #nested<T>(parse: () => T): T {
    if (++this.#depth >= DEPTH_LIMIT) throw new SyntaxError("recursion limit exceeded");
    const value = parse();
    this.#depth--;
    return value;
  }

  #object(): Map<string, OrderedJson> {
    const object = new Map<string, OrderedJson>();
    let token = this.#token();
    if (token === "}") return object;
    for (;;) {
      if (token !== '"') throw new SyntaxError("key must be a string");
      const key = this.#string();
      if (this.#token() !== ":") throw new SyntaxError("expected a colon");
      this.#path.push(key);
      if (object.has(key)) this.#onRepeat?.(this.#path);
      object.set(key, this.#value(this.#token()));
      this.#path.pop();
      token = this.#token();
      if (token === "}") return object;
      if (token !== ",") throw new SyntaxError("expected a comma");
      token = this.#token();
    }
  }

  #array(): OrderedJson[] {
    const array: OrderedJson[] = [];
    let token = this.#token();
    if (token === "]") return array;
    for (;;) {
      array.push(this.#value(token));
      token = this.#token();
      if (token === "]") return array;
      if (token !== ",") throw new SyntaxError("expected a comma");
      token = this.#token();
    }
  }

  /** The opening quote was read already. */
  #string(): string {
    const start = this.#at;
    const end = endOfString(this.#text, start);
    if (end < 0) throw new SyntaxError("unterminated string");
    this.#at = end + 1;
    const raw = this.#text.slice(start, end);
    if (!UNPLAIN.test(raw)) return raw;
    const value: string = JSON.parse(`"${raw}"`);
    if (!value.isWellFormed()) throw new SyntaxError("lone surrogate");
    return value;
  }

  #number(text: string): number | RawNumber | Map<string, OrderedJson> {
    if (text === "-0" && this.#rules.negativeZeroIsInteger) return 0;
    if (this.#rules.refusesInfinity && !Number.isFinite(Number(text))) throw new SyntaxError("number out of range");
    if (!UNUSUAL_NUMBER.test(text)) return Number(text);
    if (!this.#rules.keepsSpelling) return new RawNumber(text);
    const isWide = needs128Bits(text);
    this.#isWide ||= isWide;
    return isWide || isSpelledByRust(text) ? new RawNumber(text) : new Map([[SPELLED_NUMBER, text]]);
  }
}

function holdsWide(value: OrderedJson): boolean {
  if (value instanceof Map) return value.values().some(holdsWide);
  return Array.isArray(value) ? value.some(holdsWide) : value instanceof RawNumber && needs128Bits(value.text);
}
