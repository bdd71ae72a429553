/**
 * Times before 2020, which Codex 0.169.0 takes for seconds instead of milliseconds.
 *
 * @module
 */

/** The start of 2020, in milliseconds. */
const EARLY_MS = 1_577_836_800_000;

/** The times that Rust's `chrono` can hold, in milliseconds. */
const CHRONO_MS = { least: -8_334_601_228_800_000, most: 8_210_266_876_799_999 } as const;

/** The times that Codex can read back, early ones as seconds. With one row beyond them it lists no thread at all. */
export const READABLE_MS = { least: CHRONO_MS.least / 1000, most: CHRONO_MS.most } as const;

/** Multiplies a time before 2020 by a thousand, unless Codex could not hold what comes out; milliseconds. */
export function multiplyEarly(ms: number): number {
  const multiplied = ms * 1000;
  const fits = multiplied >= CHRONO_MS.least && multiplied <= CHRONO_MS.most;
  return ms < EARLY_MS && fits ? multiplied : ms;
}
