/**
 * The spellings of numbers that Rust knows.
 *
 * @module
 */

/** An integer, as it is spelled in JSON. */
const INTEGER = /^-?\d+$/;

/** The most characters that an integer of 128 bits and a sign have. A longer one need not be worked out. */
const LONGEST_128_BIT = 40;

/**
 * Whether an integer needs more than 64 but not more than 128 bits.
 *
 * @param text The number as it is spelled in JSON.
 */
export function needs128Bits(text: string): boolean {
  if (!INTEGER.test(text) || text.length > LONGEST_128_BIT) return false;
  const value = BigInt(text);
  return (value >= 2n ** 64n && value < 2n ** 128n) || (value < -(2n ** 63n) && value >= -(2n ** 127n));
}

/**
 * Whether Rust spells the double that a number stands for like that, with an exponent or without one.
 *
 * @param text The number as it is spelled in JSON.
 */
export function isSpelledByRust(text: string): boolean {
  if (isInteger64(text)) return true;
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  const plain = text.replace(/[eE]\+?/, "e");
  return plain === spellFloat(value).replace("e+", "e") || plain === spellDecimal(value);
}

/**
 * Whether Rust keeps a number as an integer of 64 bits, with a sign or without one.
 *
 * @param text The number as it is spelled in JSON.
 */
export function isInteger64(text: string): boolean {
  if (text === "-0" || text.length > LONGEST_128_BIT || !INTEGER.test(text)) return false;
  const value = BigInt(text);
  return value < 2n ** 64n && value >= -(2n ** 63n);
}

/**
 * Spells a double as `serde_json` does. The shortest digits are the same in both languages; where the point goes and when an
 * exponent begins is not.
 *
 * @param value A finite number.
 */
export function spellFloat(value: number): string {
  const { sign, digits, point } = parts(value);
  if (value === 0) return `${sign}0.0`;
  if (point > 16 || point <= -5) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${sign}${digits[0]}${fraction}e${point > 0 ? "+" : "-"}${Math.abs(point - 1)}`;
  }
  const decimal = spellDecimal(value);
  return decimal.includes(".") ? decimal : `${decimal}.0`;
}

/** Spells a double without an exponent, as Rust's `Display` does. */
function spellDecimal(value: number): string {
  const { sign, digits, point } = parts(value);
  if (value === 0) return `${sign}0`;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (digits.length <= point) return `${sign}${digits}${"0".repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** The parts of a number as it is spelled in JSON. */
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** The largest power of ten that is a double. */
const MOST_TENS = 308;

/**
 * The double that `serde_json` makes of a number in a hurry, which need not be the nearest one: of digits as many as fit into 64
 * bits, times a power of ten.
 *
 * @param text The number as it is spelled in JSON.
 */
export function quickDouble(text: string): number {
  const [, sign, whole = "", fraction = "", exponent = "0"] = NUMBER.exec(text) ?? [];
  let significand = 0n, tens = Number(exponent);
  const takes = (digit: string): boolean => {
    const more = significand * 10n + BigInt(digit);
    if (more >= 2n ** 64n) return false;
    significand = more;
    return true;
  };
  let taken = 0;
  for (const digit of whole) {
    if (!takes(digit)) break;
    taken++;
  }
  tens += whole.length - taken;
  for (const digit of fraction) {
    if (!takes(digit)) break;
    tens--;
  }
  let value = Number(significand);
  for (; value !== 0 && tens < -MOST_TENS; tens += MOST_TENS) value /= 1e308;
  if (value !== 0) value = tens < 0 ? value / Number(`1e${-tens}`) : value * Number(`1e${tens}`);
  return sign === "-" ? -value : value;
}

/** The sign, the shortest digits, and how many of them stand before the point. */
function parts(value: number): { readonly sign: string; readonly digits: string; readonly point: number } {
  const [mantissa = "", exponent = "0"] = Math.abs(value).toExponential().split("e");
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  return { sign, digits: mantissa.replace(".", ""), point: Number(exponent) + 1 };
}
