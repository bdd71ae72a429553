/** What is to be expected once so much came of many shares. */
import { Density } from "../../src/pool/density.ts";

/** What is known after a hundred shares of a megabyte that gave so many units a byte. */
export function densityOf(units: number): Density {
  const bytes = 1 << 20, density = new Density();
  for (let n = 0; n < 100; n++) density.learn(bytes, units * bytes);
  return density;
}
