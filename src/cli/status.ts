/**
 * `backfill status`
 *
 * @module
 */
import type { CopyRecord, LeaseHolder, SourceSummary } from "../store.ts";
import type { Arguments } from "./arguments.ts";
import type { Defaults } from "./defaults.ts";
import type { Output } from "./output.ts";
import { databaseOf } from "./paths.ts";
import { printable, printableJson } from "./printable.ts";
import { count, time, whyCopies } from "./wording.ts";

/** How many copies of a source are listed for a person; all of them with `--json`. */
const COPIES_SHOWN = 10;

/**
 * Says where each source in a database stands.
 *
 * @returns The exit code.
 */
export async function statusCommand({ text, has }: Arguments, defaults: Defaults, output: Output): Promise<number> {
  await using store = await defaults.openExisting(databaseOf(text("db")));
  const states = await store.states(), copies = await store.copies?.() ?? [];
  const known = states.map((state) => ({ state, copies: copies.filter(({ source }) => source === state.source) }));
  if (has("json")) output.result(printableJson({ sources: known.map(toJson) }));
  else output.result(known.length === 0 ? "nothing was backfilled yet" : known.map(toText).join("\n\n"));
  return 0;
}

/** A source, and its items whose row another item gives. */
interface Known {
  readonly state: SourceSummary;
  readonly copies: readonly CopyRecord[];
}

function toText({ state, copies }: Known): string {
  const there = copies.filter(({ gone }) => !gone), more = there.length - COPIES_SHOWN;
  return [
    printable(state.source),
    `  status          ${describeStatus(state)}`,
    `  last success    ${time(state.lastSuccessAt, "never")}`,
    `  last watermark  ${state.lastWatermark === null ? "none" : printable(state.lastWatermark)}`,
    `  ledger          ${count(state.done, "rollout")} done, ${state.failed} failed; ${state.gone} of these gone` +
    (state.copies > 0 ? `, ${state.copies} ${state.copies === 1 ? "copy" : "copies"}: ${whyCopies(state.copies)}` : ""),
    ...there.slice(0, COPIES_SHOWN).map(({ watermark, givenBy, givenBySource }) =>
      `  copy            ${printable(watermark)}, of ${printable(givenBy)}` +
      (givenBySource === state.source ? "" : ` in ${printable(givenBySource)}`)
    ),
    ...(more > 0 ? [`                  and ${more} more, which --json lists`] : []),
  ].join("\n");
}

/** A first pass that nobody goes on with was stopped. */
function describeStatus({ status, holder }: SourceSummary): string {
  if (holder?.isGone) return `${status}, but process ${holder.pid} is gone: the next run takes over and goes on`;
  if (holder) return `${status}, ${describe(holder)}`;
  return status === "running" ? "stopped before its end: the next run goes on" : status;
}

function describe(holder: LeaseHolder): string {
  return `held by process ${holder.pid} on ${printable(holder.host || "this machine")} ` +
    `since ${time(holder.startedAt, "")}, last heard of ${time(holder.heartbeatAt, "")}`;
}

function toJson({ state, copies }: Known): Record<string, unknown> {
  const { holder } = state;
  return {
    source: state.source,
    status: state.status,
    last_watermark: state.lastWatermark,
    last_success_at: state.lastSuccessAt,
    done: state.done,
    failed: state.failed,
    gone: state.gone,
    copies: state.copies,
    copied: copies.map(({ watermark, key, givenBy, givenBySource, gone }) => (
      { watermark, thread: key, given_by: givenBy, given_by_source: givenBySource, gone }
    )),
    holder: holder && {
      host: holder.host,
      pid: holder.pid,
      started_at: holder.startedAt,
      heartbeat_at: holder.heartbeatAt,
      expires_at: holder.expiresAt,
      is_gone: holder.isGone ?? false,
    },
  };
}
