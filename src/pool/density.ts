/**
 * How much comes of what is read. Most rollouts give a row that is small beside them; where texts are most of them, what comes of
 * a few megabytes takes as much memory again on every thread, and once more where it waits.
 *
 * @module
 */

/** How many bytes to read weigh as much as one unit that comes of them. */
const UNIT_BYTES = 16;

/** How much of what is expected the last share decides. */
const LAST = 1 / 4;

/** Learns how many units come of a byte, and weighs bytes by what is to be expected of them. */
export class Density {
  // Nothing is known yet, and more than one seldom comes.
  #units = 1;

  /**
   * Takes note of what came of a share.
   *
   * @param bytes How many bytes there were to read.
   * @param length How much memory the outcomes take.
   */
  learn(bytes: number, length: number): void {
    this.#units += (Math.min(1, length / Math.max(1, bytes)) - this.#units) * LAST;
  }

  /**
   * Weighs bytes.
   *
   * @param bytes How many there are to read.
   * @returns The same number where little comes of them, or as many bytes of such as would weigh the same.
   */
  weigh(bytes: number): number {
    return bytes * Math.max(1, UNIT_BYTES * this.#units);
  }
}
