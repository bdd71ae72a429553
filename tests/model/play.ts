/**
 * Plays actions on a real home and a real database, and compares with the model after every run.
 *
 * @module
 */
import { join } from "@std/path";
import { zstdCompressSync } from "node:zlib";
import { codexExtractor } from "../../plugins/extractor_codex/mod.ts";
import { rolloutSource } from "../../plugins/source_rollouts/mod.ts";
import { openRollout } from "../../plugins/source_rollouts/open.ts";
import type { SqliteDriver } from "../../plugins/sqlite/driver.ts";
import { findDriver } from "../../plugins/sqlite/find_driver.ts";
import { sqliteStore } from "../../plugins/store_sqlite/mod.ts";
import { backfill } from "../../src/backfill.ts";
import { ExtractionError, SourceError, StoreError } from "../../src/errors.ts";
import { FaultPoints, faultyDriver } from "../../tools/crash/fault_points.ts";
import type { Action, RunHow } from "./actions.ts";
import { ModelHome } from "./model_home.ts";
import { described, EMPTY, type ModelStore, runStates } from "./model_store.ts";
import { isSound, observed, RealHome } from "./real_home.ts";

/** The real thing is not what the model says. */
export class ModelError extends Error {
  /** The name of the class. */
  override readonly name = "ModelError";
}

/** What the database says once it begins to fail. */
class SqliteFull extends Error {
  readonly errcode = 13;
}

/** How a run is disturbed. */
interface Disturbance {
  /** Cancels after so many commits. */
  readonly abortAfter?: number;
  /** The number of the statement at which the database fails; for good, or once. */
  readonly failAt?: number;
  readonly forGood?: boolean;
}

/** Undisturbed runs: one does what is left, one finds nothing. */
const TO_END: readonly Action[] = Array.from({ length: 2 }, () => ({
  do: "run",
  how: { batch: 3, retry: false, empty: true },
}));

/**
 * Plays.
 *
 * @param actions What happens.
 * @throws {ModelError} At the first difference.
 */
export async function play(actions: readonly Action[]): Promise<void> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "model-" }));
  try {
    const game = new Game(folder);
    const archives = await readsArchives(join(folder, "probe.jsonl.zst"));
    for (const [at, action] of [...actions, ...TO_END].entries()) {
      if (action.do === "compress" && !archives) continue;
      const where = at < actions.length ? `action ${at}, ${JSON.stringify(action)}` : "the runs after the last action";
      await game.play(action, where);
    }
    game.finish();
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

class Game {
  readonly #db: string;
  readonly #model = new ModelHome();
  readonly #home: RealHome;
  #store: ModelStore = EMPTY;
  #version = 1;

  constructor(folder: string) {
    this.#db = join(folder, "a.sqlite");
    this.#home = new RealHome(join(folder, "home"));
  }

  async play(action: Action, where: string): Promise<void> {
    switch (action.do) {
      case "bump":
        this.#version++;
        return;
      case "run":
        return await this.#run(action.how, {}, where);
      case "interrupt":
        return await this.#run(action.how, { abortAfter: action.after }, where);
      case "crash":
      case "fail": {
        const failAt = 1 + Math.floor((action.at / 1000) * this.#statements(action.how));
        return await this.#run(action.how, { failAt, forGood: action.do === "crash" }, where);
      }
      default:
        this.#model.apply(action);
        this.#home.follow(this.#model);
    }
  }

  finish(): void {
    if (!isSound(this.#db)) throw new ModelError("the database is damaged");
  }

  /** About how many statements a run makes. */
  #statements({ batch }: RunHow): number {
    const files = this.#model.files.length;
    return (this.#store.status === "none" ? 45 : 25) + 12 * Math.ceil(files / batch) + 6 * files;
  }

  async #run(how: RunHow, disturbance: Disturbance, where: string): Promise<void> {
    const { states, refused } = runStates(this.#store, this.#model.files, this.#version, how);
    const end = await this.#really(how, disturbance);
    const is = JSON.stringify(observed(this.#db, this.#home.path), null, 1);
    const disturbed = disturbance.abortAfter !== undefined || disturbance.failAt !== undefined;
    const possible = disturbed && end !== "complete" ? states : states.slice(-1);
    if (!disturbed && (end === "refused") !== refused) throw new ModelError(`${where}: the run ended as ${end}`);
    const found = possible.findLast((state) => JSON.stringify(described(state), null, 1) === is);
    if (found) {
      this.#store = found;
      return;
    }
    const should = possible.map((state) => JSON.stringify(described(state), null, 1)).join("\nor ");
    throw new ModelError(`${where}: the run ended as ${end}, and the database holds\n${is}\ninstead of\n${should}`);
  }

  /** Runs the real thing. */
  async #really({ batch, retry, empty }: RunHow, disturbance: Disturbance): Promise<string> {
    const { abortAfter, failAt = 0, forGood = false } = disturbance;
    const controller = new AbortController();
    let commits = 0;
    const cancel = () => abortAfter !== undefined && commits++ >= abortAfter && controller.abort();
    cancel();
    try {
      await using store = await sqliteStore({
        path: this.#db,
        driver: failing(await findDriver("node:sqlite"), failAt, forGood),
      });
      const { status } = await backfill({
        source: rolloutSource({ codexHome: this.#home.path }),
        extractor: codexExtractor({ defaultProvider: `p${this.#version}` }),
        store,
        batchSize: batch,
        workers: 1,
        retryFailed: retry,
        allowEmpty: empty,
        signal: controller.signal,
        onEvent: (event) => event.type === "committed" && cancel(),
      });
      return status;
    } catch (error) {
      if (error instanceof SourceError) return "refused";
      if (failAt > 0 && error instanceof StoreError) return "failed";
      throw error;
    }
  }
}

/** Whether the source can read what is compressed; where it cannot, nothing is. */
async function readsArchives(path: string): Promise<boolean> {
  Deno.writeFileSync(path, zstdCompressSync("probe"));
  const item = { watermark: "", fingerprint: "", location: path, name: "", size: 0, modifiedMs: 0, archived: false };
  try {
    const reader = await openRollout(item);
    await reader.close();
    return true;
  } catch (error) {
    return !(error instanceof ExtractionError && error.kind === "unsupported-archive");
  }
}

/** A library that fails at a statement, once or for good: then the connection is as good as dead. */
function failing(driver: SqliteDriver, failAt: number, forGood: boolean): SqliteDriver {
  let failed = false;
  const points = new FaultPoints(failAt, () => {
    if (failed && !forGood) return;
    failed = true;
    throw new SqliteFull("database or disk is full");
  });
  return failAt > 0 ? faultyDriver(driver, points) : driver;
}
