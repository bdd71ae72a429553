/**
 * What a rollout gives in the end.
 *
 * @module
 */
import type { CodexThread } from "../codex_thread.ts";
import type { RolloutItem } from "../rollout_item.ts";
import { parseFileName } from "./file_name.ts";
import { finishThread } from "./fold.ts";
import type { Profile } from "./profiles.ts";
import type { RolloutState } from "./state.ts";
import { parseTimestamp } from "./time.ts";

/** The row that a rollout gives. */
export function rowOf(
  { fold, lastTimestamp }: RolloutState,
  item: RolloutItem,
  profile: Profile,
  defaultProvider: string,
): CodexThread {
  const lastRecordMs = parseTimestamp(lastTimestamp)?.ms ?? null;
  return finishThread(fold, item, { profile, defaultProvider, lastRecordMs });
}

/**
 * What decides between several files of one thread: a matching name, a session_meta, a message of the user, the last record,
 * the most records.
 */
export function rankOf({ fold, records }: RolloutState, row: CodexThread, item: RolloutItem, profile: Profile): string {
  const named = parseFileName(item.name, profile)?.id === row.id;
  const last = Math.max(0, Number(row.last_record_at_ms ?? 0));
  const said = row.first_user_message !== "";
  return [Number(named), Number(fold.hasMeta), Number(said), padded(last), padded(records)].join(" ");
}

function padded(value: number): string {
  return String(value).padStart(16, "0");
}
