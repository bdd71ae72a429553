/**
 * The sink that `--metrics` names: one of ours, or a module of the user's.
 *
 * @module
 */
import { resolve, toFileUrl } from "@std/path";
import { within } from "../abandon.ts";
import { reasonOf } from "../errors.ts";
import type { MetricsSink } from "../metrics.ts";
import { missingFlag } from "../missing_flag.ts";
import type { Defaults } from "./defaults.ts";
import { UsageError } from "./usage_error.ts";

/** How long a module may take until it has made its sink, in milliseconds. It may have to be fetched. */
const LOAD_LIMIT_MS = 10_000;

/** What a URL begins with, as `npm:` and `https:`. One letter is a drive of Windows. */
const SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/**
 * Finds the sinks that a flag asks for.
 *
 * @param flag The flag's value: a name, a path or a URL of a module whose default export is a sink, or makes one.
 * @param named The sinks that have a name.
 * @returns No sink or one.
 * @throws {UsageError} If there is no such sink.
 */
export async function loadMetrics(flag: string | undefined, named: Defaults["metrics"]): Promise<MetricsSink[]> {
  if (flag === undefined) return [];
  const make = Object.hasOwn(named, flag) ? named[flag] : undefined;
  if (make) {
    const sink = make();
    return sink ? [sink] : [];
  }
  const isUrl = SCHEME.test(flag);
  if (!isUrl && !/[./\\]/.test(flag)) {
    const names = Object.keys(named).map((name) => `"${name}"`).join(", ");
    throw new UsageError(`there are no metrics named "${flag}": use ${names}, or a module such as ./${flag}.ts`);
  }
  const url = isUrl ? flag : toFileUrl(resolve(flag)).href;
  const obstacle = obstacleTo(url);
  if (obstacle !== undefined) throw new UsageError(`cannot load the metrics module "${flag}": ${obstacle}`);
  try {
    // A module may wait for what never comes.
    const sink = await within(makeSink(url), LOAD_LIMIT_MS, `it is not ready after ${LOAD_LIMIT_MS / 1000} s`);
    if (isSink(sink)) return [sink];
  } catch (error) {
    throw new UsageError(`cannot load the metrics module "${flag}": ${reasonOf(error).split("\n")[0]}`);
  }
  throw new UsageError(
    `the metrics module "${flag}" has no sink as its default export: it needs the methods counter and timer`,
  );
}

/** Why Deno would ask whether a module may be loaded, or would not load it at all. */
function obstacleTo(url: string): string | undefined {
  const module = URL.parse(url);
  // Others, as npm: and jsr:, need no permission.
  if (!module || !/^(file|https?):$/.test(module.protocol)) return undefined;
  const flag = missingFlag(module);
  if (module.protocol === "file:" || import.meta.url.startsWith("file:")) return flag && `allow it with ${flag}`;
  return `Deno lets no package of JSR import an address. Save it, or name a file with export { default } from "${url}"` +
    (flag === undefined ? "" : ` and allow that with ${flag}`);
}

async function makeSink(url: string): Promise<unknown> {
  const module: unknown = await import(url);
  const made = typeof module === "object" && module !== null && "default" in module ? module.default : undefined;
  if (typeof made !== "function") return made;
  if (/^class\b/.test(String(made))) {
    throw new TypeError("its default export is a class: it has to be a sink, or make one");
  }
  return await made();
}

function isSink(value: unknown): value is MetricsSink {
  return typeof value === "object" && value !== null &&
    "counter" in value && typeof value.counter === "function" &&
    "timer" in value && typeof value.timer === "function";
}
