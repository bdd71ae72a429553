/**
 * Whether this Deno is new enough: what older ones lack shows in riddles otherwise.
 *
 * @module
 */

/**
 * The oldest version that will do. Those before it leave out names that are not UTF-8 when they list a folder, so that rollouts would
 * be missing without a word; and those before 2.7.1 cannot try whether a file is locked.
 */
const OLDEST = [2, 8, 2] as const;

/**
 * Says what is wrong with a version of Deno.
 *
 * @param version The version, e.g. `2.9.6`.
 * @returns Why it will not do, for a person to read; `undefined` if it will.
 */
export function tooOld(version: string): string | undefined {
  const parts = version.split(".").map((part) => Number.parseInt(part));
  const [at = -1] = OLDEST.flatMap((least, at) => parts[at] === least ? [] : [at]);
  if (at < 0 || (parts[at] ?? 0) > (OLDEST[at] ?? 0)) return undefined;
  return `this needs Deno ${OLDEST.join(".")} or newer, and runs on ${version}: deno upgrade brings the newest`;
}
