/**
 * Comparing a state database with the rollouts of a home.
 *
 * @module
 */
import { StoreError } from "../../src/errors.ts";
import type { BackfillListener } from "../../src/events.ts";
import { compareCodePoints } from "../../src/order.ts";
import { compare } from "./compare.ts";
import type { CodexBackfill, CodexLease, RepairPlugins, StateRow, StateView } from "./contract.ts";
import type { Findings } from "./findings.ts";
import { gather, type Gathered, type GatherOptions } from "./gather.ts";
import { isThere } from "../is_there.ts";
import { rowPaths } from "./in_home.ts";
import { apartFromInUse } from "./in_use.ts";
import type { Target } from "./target.ts";

/** How a comparison runs. */
export interface VerifyOptions extends Pick<GatherOptions, "spill"> {
  /** Threads that read rollouts. Default: one a core. */
  readonly workers?: number;
  /** Cancels. */
  readonly signal?: AbortSignal;
  /** Is told what happens while rollouts are read. */
  readonly onEvent?: BackfillListener;
  /** The clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

/** What a comparison found. */
export interface Verification<Row extends StateRow = StateRow> {
  /** What was compared. */
  readonly target: Target;
  /** How many threads the database has. */
  readonly threadCount: number;
  /** How far Codex's own backfill has come; `null` if nothing is recorded. */
  readonly backfill: CodexBackfill | null;
  /** What that means for somebody who wants to write. */
  readonly lease: CodexLease;
  /** Whether Codex's own backfill, done like Codex, would go further than it is recorded to have come. */
  readonly isBehind: boolean;
  /** In what database and rollouts differ. */
  readonly findings: Findings<Row>;
  /** What the rollouts hold. */
  readonly gathered: Gathered;
}

/**
 * Compares. Nothing is written, neither to the database nor beside it.
 *
 * @param target The home and the database.
 * @param plugins How rollouts and database are read.
 * @param options How.
 * @returns What was found.
 * @throws {StoreError} If the database cannot be read, or is one that this program does not know.
 * @throws {SourceError} If the home cannot be listed.
 */
export async function verify<Row extends StateRow>(
  target: Target,
  plugins: RepairPlugins<Row>,
  options: VerifyOptions,
): Promise<Verification<Row>> {
  const found = await verifyOnce(target, plugins, options), { changes, gone } = found.findings;
  if (found.gathered.interrupted || changes.length + gone.length === 0) return found;
  using later = await inspectKnown(target.path, plugins);
  return { ...found, findings: await apartFromInUse(found.findings, later) };
}

async function verifyOnce<Row extends StateRow>(
  target: Target,
  plugins: RepairPlugins<Row>,
  { now = Date.now, ...how }: VerifyOptions,
): Promise<Verification<Row>> {
  using view = await inspectKnown(target.path, plugins);
  const lease = plugins.lease(target.path, view.backfill, now());
  const after = resumesAfter(view, plugins);
  const gathered = await gather(plugins, { ...how, after });
  return { ...await verifyGathered(target, plugins, gathered, view), lease };
}

/** Compares what was read before, as far as it is still there, with what the database holds now. */
export async function verifyAgain<Row extends StateRow>(
  { target, gathered: before }: Verification<Row>,
  plugins: RepairPlugins<Row>,
  now: () => number = Date.now,
): Promise<Verification<Row>> {
  using view = await inspectKnown(target.path, plugins);
  const gathered = { ...before, read: before.read.filter(({ item }) => isThere(item.location)) };
  const found = await verifyGathered(target, plugins, gathered, view);
  return {
    ...found,
    findings: await apartFromInUse(found.findings, undefined),
    lease: plugins.lease(target.path, view.backfill, now()),
  };
}

async function verifyGathered<Row extends StateRow>(
  target: Target,
  plugins: RepairPlugins<Row>,
  gathered: Gathered,
  view: StateView<Row>,
): Promise<Omit<Verification<Row>, "lease">> {
  const findings = await compare({ gathered, view, plugins, ...rowPaths(target, view) });
  const { threadCount, backfill } = view;
  return { target, threadCount, backfill, isBehind: isBehind(gathered, backfill, plugins), findings, gathered };
}

/** Opens a database for looking, if it is one that is known. */
export async function inspectKnown<Row extends StateRow>(
  path: string,
  { inspect }: Pick<RepairPlugins<Row>, "inspect">,
): Promise<StateView<Row>> {
  const view = await inspect(path);
  if (view.refusal === null) return view;
  view[Symbol.dispose]();
  throw new StoreError(`Cannot use the database "${path}": ${view.refusal}`);
}

/** Done like Codex, a backfill that was stopped goes on where it was. */
function resumesAfter<Row extends StateRow>({ backfill }: StateView<Row>, plugins: RepairPlugins<Row>): string | null {
  return plugins.mergesEveryFile && backfill?.status !== "complete" ? backfill?.lastWatermark ?? null : null;
}

function isBehind(
  { read, failed }: Gathered,
  backfill: CodexBackfill | null,
  { mergesEveryFile }: Pick<RepairPlugins, "mergesEveryFile">,
): boolean {
  const come = backfill?.lastWatermark ?? null;
  return mergesEveryFile &&
    [...read, ...failed].some(({ item }) => come === null || compareCodePoints(item.watermark, come) > 0);
}
