/**
 * The rollouts that Codex CLI keeps under `sessions` and `archived_sessions` of its home.
 *
 * @module
 */
import { join, resolve, SEPARATOR } from "@std/path";
import { reasonOf, SourceError } from "../../src/errors.ts";
import type { Source } from "../../src/source.ts";
import type { RolloutItem } from "../rollout_item.ts";
import { openFile } from "./reader.ts";
import { type FoundFile, walkRollouts } from "./walk.ts";

export type { RolloutItem };

/** The folders of a home that hold rollouts. The name of the second says that its threads are archived. */
const ROOTS = [{ root: "archived_sessions", archived: true }, { root: "sessions", archived: false }] as const;

/** What {@linkcode rolloutSource} is given. */
export interface RolloutSourceOptions {
  /** The home, e.g. `~/.codex`. May be a link; it is resolved once. */
  readonly codexHome: string;
  /** The key of the state and the ledger. Default: the resolved path of the home. */
  readonly id?: string;
}

/**
 * A source of the rollouts of one home.
 *
 * Takes every regular file named `rollout-*.jsonl` at any depth below `sessions` and `archived_sessions`. Links are not
 * followed, except those two folders themselves. A folder that cannot be read is reported and passed over; one that does
 * not exist is fine. Nothing is ever written. Needs `--allow-read` of the home.
 *
 * The watermark is the path relative to the home, `/`-separated.
 *
 * @param options Where the home is.
 * @returns The source.
 * @throws {SourceError} If the home is not a folder that can be read.
 *
 * @example
 * ```ts
 * import { rolloutSource } from "@rollout/backfill/source-rollouts";
 * import { assertEquals } from "@std/assert";
 *
 * const home = Deno.makeTempDirSync();
 * Deno.mkdirSync(`${home}/sessions/2026/01/27`, { recursive: true });
 * Deno.writeTextFileSync(`${home}/sessions/2026/01/27/rollout-1.jsonl`, "");
 * const source = rolloutSource({ codexHome: home });
 * const items = [];
 * for await (const item of source.items({ signal: AbortSignal.timeout(9000), onProblem: console.error })) items.push(item);
 * assertEquals(items.map((item) => item.watermark), ["sessions/2026/01/27/rollout-1.jsonl"]);
 * ```
 */
export function rolloutSource(options: RolloutSourceOptions): Source<RolloutItem> {
  const home = resolveHome(options.codexHome);
  return {
    id: options.id ?? home,
    *items({ onProblem }) {
      for (const { root, archived } of ROOTS) {
        for (const file of walkRollouts(home, root, isRollout, { onProblem })) yield toItem(home, file, archived);
      }
    },
    open: (item) => openFile(item.location),
  };
}

function toItem(home: string, { path, name, size, modifiedMs }: FoundFile, archived: boolean): RolloutItem {
  return {
    watermark: path.replaceAll("\\", "/"),
    fingerprint: `${modifiedMs}:${size}`,
    location: SEPARATOR === "/" ? `${home}/${path}` : join(home, path),
    name,
    size,
    modifiedMs,
    archived,
  };
}

function isRollout(name: string): boolean {
  return name.startsWith("rollout-") && name.endsWith(".jsonl");
}

function resolveHome(path: string): string {
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
    if (info.isDirectory) {
      for (const _ of Deno.readDirSync(path)) break;
      return Deno.realPathSync(path);
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new SourceError(
        `There is no Codex home at "${resolve(path)}": name it with --codex-home or CODEX_HOME`,
        { cause: error },
      );
    }
    throw new SourceError(`Cannot read the Codex home at "${resolve(path)}": ${reasonOf(error)}`, { cause: error });
  }
  throw new SourceError(
    `"${resolve(path)}" is a file, not a Codex home: name a folder with --codex-home or CODEX_HOME`,
  );
}
