/**
 * The command lines of tasks that take nothing but whole numbers.
 *
 * @module
 */
import { parseArgs } from "node:util";

/**
 * Parses the flags of a task. A wrong one ends the process with a line that says so, the usage, and exit code 2; `--help` with the
 * usage.
 *
 * @param usage The usage, a line.
 * @param defaults The flags, with the values that they have if they are not given.
 * @returns The values of the flags.
 */
export function numberFlags<F extends string>(usage: string, defaults: Readonly<Record<F, number>>): Record<F, number> {
  const found: Record<F, number> = { ...defaults };
  const options = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: "string" as const }]));
  try {
    const values: Record<string, unknown> =
      parseArgs({ args: Deno.args, options: { ...options, help: { type: "boolean", short: "h" } } }).values;
    if (values.help === true) {
      console.log(usage);
      Deno.exit(0);
    }
    for (const name in defaults) {
      const value = values[name];
      if (typeof value !== "string") continue;
      if (!/^\d{1,9}$/.test(value)) throw new RangeError(`--${name} takes a whole number, not "${value}"`);
      found[name] = Number(value);
    }
    return found;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`);
    Deno.exit(2);
  }
}
