/**
 * `backfill status`
 *
 * @module
 */
import type { LeaseHolder, SourceSummary } from "../store.ts";
import type { Arguments } from "./arguments.ts";
import type { Defaults } from "./defaults.ts";
import type { Output } from "./output.ts";
import { defaultDatabase, processEnvironment } from "./paths.ts";
import { printable, printableJson } from "./printable.ts";
import { count, time } from "./wording.ts";

/**
 * Says where each source in a database stands.
 *
 * @returns The exit code.
 */
export async function statusCommand({ text, has }: Arguments, defaults: Defaults, output: Output): Promise<number> {
  await using store = await defaults.openExisting(text("db") ?? defaultDatabase(processEnvironment));
  const states = await store.states();
  if (has("json")) output.result(printableJson({ sources: states.map(toJson) }));
  else output.result(states.length === 0 ? "nothing was backfilled yet" : states.map(toText).join("\n\n"));
  return 0;
}

function toText(state: SourceSummary): string {
  return [
    printable(state.source),
    `  status          ${state.status}${state.holder ? `, ${describe(state.holder)}` : ""}`,
    `  last success    ${time(state.lastSuccessAt, "never")}`,
    `  last watermark  ${state.lastWatermark === null ? "none" : printable(state.lastWatermark)}`,
    `  ledger          ${count(state.done, "rollout")} done, ${state.failed} failed, ${state.gone} gone, ` +
    `${state.copies} copies of a thread that another gives`,
  ].join("\n");
}

function describe(holder: LeaseHolder): string {
  return `held by process ${holder.pid} on ${printable(holder.host || "this machine")} ` +
    `since ${time(holder.startedAt, "")}, last heard of ${time(holder.heartbeatAt, "")}`;
}

function toJson(state: SourceSummary): Record<string, unknown> {
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
    holder: holder && {
      host: holder.host,
      pid: holder.pid,
      started_at: holder.startedAt,
      heartbeat_at: holder.heartbeatAt,
      expires_at: holder.expiresAt,
    },
  };
}
