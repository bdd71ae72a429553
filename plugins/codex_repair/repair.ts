/**
 * Repairing a state database: a plan first, and only when it is asked for, the writing and another look.
 *
 * @module
 */
import { reasonOf, StoreError } from "../../src/errors.ts";
import type { BackfillListener } from "../../src/events.ts";
import { isoTime } from "../../src/iso_time.ts";
import type { SourceProblem } from "../../src/source.ts";
import { count } from "../../src/cli/wording.ts";
import type { RepairPlugins, StateRow, StateStore } from "./contract.ts";
import { isOfAnother, ownersOf } from "./owners.ts";
import type { FailedRollout, ReadRollout } from "./gather.ts";
import { idsIn } from "./named_threads.ts";
import { planOf, type RepairPlan, type RepairScope } from "./repair_plan.ts";
import { replay } from "./replay.ts";
import { isThere } from "../is_there.ts";
import { refuseRivals, type Target } from "./target.ts";
import { type Verification, verify, verifyAgain, type VerifyOptions } from "./verify.ts";

/** What to repair, and whether. */
export interface RepairOptions extends RepairScope, VerifyOptions {
  /** Whether to write. Default: false, which only makes the plan. */
  readonly apply?: boolean;
  /** Threads written together. Default: 200. */
  readonly batchSize?: number;
  /** Is told what happens while rows are written. */
  readonly onWrite?: BackfillListener;
}

/** What a repair did. */
export interface Repair<Row extends StateRow = StateRow> {
  /** What was found before. */
  readonly before: Verification<Row>;
  /** What was to be done. */
  readonly plan: RepairPlan<Row>;
  /** `planned` without `apply`, `applied`, with nothing written where nothing was to be, or `interrupted` with what was written so far. */
  readonly status: "planned" | "applied" | "interrupted";
  /** How many threads were written. */
  readonly written: number;
  /** How many were left to a Codex that was writing to their rollout. */
  readonly busy: number;
  /** How many rows were removed. */
  readonly pruned: number;
  /** The copy of the database from before the first write; `null` if nothing was written. */
  readonly snapshot: string | null;
  /** How to go back to it; `null` if there is none. */
  readonly howToRestore: string | null;
  /** What was found afterwards; `null` if nothing was written. */
  readonly after: Verification<Row> | null;
}

/**
 * Plans a repair, and applies it if asked.
 *
 * @param target The home and the database.
 * @param plugins How rollouts and database are read, and the database is written.
 * @param options What to repair, and whether.
 * @returns What was found, planned and done.
 * @throws {StoreError} If it is not clear which database is meant, Codex is backfilling it now, or it is of an unknown version.
 */
export async function repair<Row extends StateRow>(
  target: Target,
  plugins: RepairPlugins<Row>,
  options: RepairOptions,
): Promise<Repair<Row>> {
  refuseRivals(target);
  const before = await verify(target, plugins, options);
  refuseHeld(before, plugins.leaseSeconds);
  const plan = planOf(before, options);
  const none = { written: 0, busy: 0, pruned: 0, snapshot: null, howToRestore: null, after: null } as const;
  const nothing = { before, plan, ...none };
  if (before.gathered.interrupted) return { ...nothing, status: "interrupted" };
  if (!options.apply) return { ...nothing, status: "planned" };
  if (plan.changes.length + plan.prune.length === 0 && !plan.completes && !plan.clears) {
    return { ...nothing, status: "applied" };
  }
  return await apply(before, plan, plugins, options);
}

async function apply<Row extends StateRow>(
  before: Verification<Row>,
  plan: RepairPlan<Row>,
  plugins: RepairPlugins<Row>,
  options: RepairOptions,
): Promise<Repair<Row>> {
  const { path } = before.target;
  const { batchSize, signal, onWrite } = options;
  const owners = ownersOf(before.gathered), rows = new Map(plan.changes.map(({ id, before }) => [id, before]));
  let done: Pick<Repair, "status" | "written" | "busy" | "pruned" | "snapshot" | "howToRestore">;
  {
    await using store = await plugins.open(path, { seen: (id) => rows.get(id), completes: plan.completes });
    const { interrupted, pruned } = await orSayHowToRestore(store, async () => {
      const rollouts = rolloutsToWrite(before, plan, plugins, options);
      const report = await replay({
        source: plugins.source.id,
        version: plugins.extractor.version,
        rollouts,
        store,
        ...(batchSize === undefined ? {} : { batchSize }),
        ...(signal === undefined ? {} : { signal }),
        ...(onWrite === undefined ? {} : { onEvent: onWrite }),
      });
      for (const { watermark, reason } of store.changes().refused) {
        const location = rollouts.find(({ item }) => item.watermark === watermark)?.item.location ?? watermark;
        onWrite?.({ type: "failed", watermark, location, failure: { kind: "refused", reason, transient: false } });
      }
      let interrupted = report.status === "interrupted", pruned = 0;
      if (!interrupted && plan.prune.length > 0) {
        const named = await idsListed(plugins, signal);
        pruned = await store.prune(
          plan.prune.map(({ id }) => id),
          // It may have been restored since, there or elsewhere.
          (row) =>
            !signal?.aborted && named !== undefined && !named.has(row.id.toLowerCase()) &&
            (!isThere(row.rollout_path) || isOfAnother(row, owners)),
        );
        interrupted = signal?.aborted ?? false;
      }
      return { interrupted, pruned };
    });
    const { inserted, updated, busy } = store.changes();
    done = {
      status: interrupted ? "interrupted" : "applied",
      written: inserted + updated,
      busy,
      pruned,
      snapshot: store.snapshot() ?? null,
      howToRestore: store.howToRestore() ?? null,
    };
  }
  return { before, plan, ...done, after: await lookAgain(before, done, plugins, options) };
}

/** The ids that rollouts are named for now; `undefined` if not all can be listed. */
async function idsListed<Row extends StateRow>(
  { source }: Pick<RepairPlugins<Row>, "source">,
  signal = new AbortController().signal,
): Promise<ReadonlySet<string> | undefined> {
  const ids = new Set<string>();
  let hidden = false;
  const onProblem = ({ hides }: SourceProblem) => void (hidden ||= hides !== undefined);
  for await (const item of source.items({ signal, onProblem })) for (const id of idsIn(item)) ids.add(id);
  return hidden ? undefined : ids;
}

/**
 * Looks again, and reads the rollouts anew where something differs, or rows name other files: a Codex may have gone on in both,
 * rollout and row. What was written stands, whatever comes of that.
 */
async function lookAgain<Row extends StateRow>(
  before: Verification<Row>,
  { status, written, busy, pruned, howToRestore }: Pick<
    Repair,
    "status" | "written" | "busy" | "pruned" | "howToRestore"
  >,
  plugins: RepairPlugins<Row>,
  options: RepairOptions,
): Promise<Verification<Row>> {
  try {
    const again = await verifyAgain(before, plugins, options.now);
    const isSettled = busy === 0 && planOf(again, options).changes.length === 0 && !namesOthers(before, again);
    if (status === "interrupted" || isSettled) return again;
    const anew = await verify(before.target, plugins, options);
    return anew.gathered.interrupted ? again : anew;
  } catch (error) {
    throw new StoreError(
      `${reasonOf(error)}; that was the look afterwards: ${count(written, "row")} written and ${
        count(pruned, "row")
      } removed before it` +
        (howToRestore === null ? "" : `. To go back to the database as it was before, ${howToRestore}`),
      { cause: error },
    );
  }
}

/** Whether rows are left with files now that they did not name when the rollouts were read. */
function namesOthers({ findings: { elsewhere } }: Verification, again: Verification): boolean {
  const known = new Set(elsewhere.map(({ path }) => path));
  return again.findings.elsewhere.some(({ path }) => !known.has(path));
}

/** Whoever repairs may want to go back all the more where that did not come to its end. */
async function orSayHowToRestore<T>(store: Pick<StateStore, "howToRestore">, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const how = store.howToRestore();
    if (how === undefined) throw error;
    throw new StoreError(`${reasonOf(error)}; to go back to the database as it was before, ${how}`, { cause: error });
  }
}

/** Done like Codex, a repair takes every rollout; else only those that change something. */
function rolloutsToWrite(
  { gathered }: Verification,
  { changes }: RepairPlan,
  { mergesEveryFile }: Pick<RepairPlugins, "mergesEveryFile">,
  { only }: RepairOptions,
): (ReadRollout | FailedRollout)[] {
  if (mergesEveryFile && !only) return [...gathered.read, ...gathered.failed];
  return changes.flatMap(({ rollouts }) => rollouts);
}

function refuseHeld({ lease, backfill, target }: Verification, leaseSeconds: number): void {
  if (lease === "unknown") {
    throw new StoreError(
      `The state of Codex's own backfill in "${target.path}" is ${
        JSON.stringify(backfill?.status)
      }, which this program ` +
        `does not know: nothing was changed. Update this program`,
    );
  }
  if (lease !== "held" || !backfill) return;
  const at = (seconds: number): string => isoTime(seconds * 1000);
  throw new StoreError(
    `Codex is backfilling "${target.path}" itself: it said so at ${at(backfill.updatedAt)}. Nothing was changed. ` +
      `Wait until it is done; if no Codex runs any more, it was killed, and this works again from ` +
      `${at(backfill.updatedAt + leaseSeconds)}`,
  );
}
