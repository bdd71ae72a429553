/**
 * The scanners of this thread.
 *
 * @module
 */
import type { Profile } from "../profiles.ts";
import type { LineScanner } from "./scanner.ts";
import { PlainScanner } from "./plain_scanner.ts";
import { WasmScanner } from "./wasm_scanner.ts";

/** Room for one read and for what is kept of the one before. */
const SIZE = (256 << 10) + (60 << 10);

/** Scanners that are not in use, by profile. Several items may be read at a time. */
const spare = new WeakMap<Profile, LineScanner[]>();

/** Takes a scanner that is not in use, or makes one. */
export function takeScanner(profile: Profile): LineScanner {
  return spare.get(profile)?.pop() ?? WasmScanner.make(profile, SIZE) ?? new PlainScanner(profile, SIZE);
}

/**
 * Gives a scanner back that {@linkcode takeScanner} gave. One that grew is as the others again, or is not kept: how an item is read
 * depends on it alone.
 */
export function giveScanner(profile: Profile, scanner: LineScanner): void {
  if (!scanner.shrink(SIZE)) return;
  const kept = spare.get(profile);
  if (kept) kept.push(scanner);
  else spare.set(profile, [scanner]);
}
