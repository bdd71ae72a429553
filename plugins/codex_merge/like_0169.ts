/**
 * How Codex 0.169.0 merges what it reads from a rollout into the row that it has: whatever comes last wins, but for what is said
 * here. Every rule was established against the real program.
 *
 * @module
 */
import { multiplyEarly } from "../early_times.ts";
import type { SqlValue } from "../sqlite/driver.ts";
import { trim } from "../whitespace.ts";
import type { DerivedColumn, MergeRow, MergeRules } from "./row.ts";

/** The rules. `recency_at` and the columns that no rollout gives are written once, when the row is made. */
export const rules0169: MergeRules = {
  title: (before, row) => isReadable(before) && isRenamed(before) && !hasOwnTitle(row) ? before.title : row.title,
  cwd: (before, row) => isSameFolder(before.cwd, row.cwd) ? before.cwd : row.cwd,
  preview: (before, row) => row.preview === "" ? before.preview : row.preview,
  git_sha: unlessPaginated("git_sha"),
  git_branch: unlessPaginated("git_branch"),
  git_origin_url: unlessPaginated("git_origin_url"),
  memory_mode: (before, row) => isReadable(before) && isPaginated(row) ? before.memory_mode : row.memory_mode,
  originator: onceSet("originator"),
  creator_user_id: onceSet("creator_user_id"),
  creator_account_id: onceSet("creator_account_id"),
  history_mode: (before, row) => isPaginated(before) ? before.history_mode : row.history_mode,
  name: (before) => before.name,
  attached_thread_parent_id: (before, row) => row.attached_thread_parent_id ?? before.attached_thread_parent_id,
};

/** Keeps the value that is there, be it empty; only null gives way. */
function onceSet(column: DerivedColumn): (before: MergeRow, row: MergeRow) => SqlValue {
  return (before, row) => before[column] ?? row[column];
}

/** As {@linkcode onceSet}, but of two paginated rollouts the first decides, also by saying nothing. */
function unlessPaginated(column: DerivedColumn): (before: MergeRow, row: MergeRow) => SqlValue {
  return (before, row) =>
    isReadable(before) && isPaginated(before) && isPaginated(row) ? before[column] : before[column] ?? row[column];
}

/** Whether Codex reads the history of a thread page by page, and its name from its row. */
export function isPaginated({ history_mode }: MergeRow): boolean {
  return history_mode === "paginated";
}

/** Codex cannot read a row of before 1970, and then goes by what it wrote as little as if there were none. */
function isReadable({ created_at }: MergeRow): boolean {
  return Number(created_at) >= 0;
}

/** Whether a rollout itself gives a title that is not the first message. */
function hasOwnTitle(row: MergeRow): boolean {
  return row.first_user_message !== "" && isRenamed(row);
}

/** Whether two folders are the same: on Windows Codex resolves links to a path that begins with a prefix, and Deno to one without. */
export function isSameFolder(one: SqlValue, other: SqlValue): boolean {
  return one === other || unprefixed(String(one)) === unprefixed(String(other));
}

function unprefixed(path: string): string {
  return path.replace(/^\\\\\?\\(?:(?=[A-Za-z]:)|UNC(?=\\))/, (prefix) => prefix.endsWith("C") ? "\\" : "");
}

/**
 * Whether somebody gave the thread a title: one that is neither empty nor the first message.
 *
 * @param before The row that is there.
 */
export function isRenamed(before: MergeRow): boolean {
  const title = trim(String(before.title));
  return title !== "" && title !== trim(String(before.first_user_message));
}

/** How far a time is moved at most to be unlike the others, in milliseconds. */
export const UNIQUE_WITHIN_MS = 1000;

/**
 * Times that are unlike each other, as Codex 0.169.0 makes those of `updated_at_ms` in one run: a time that is not later than the
 * latest so far is moved behind it, unless it lies a second or more before it.
 */
export class UniqueTimes {
  #latest: number;

  /** Begins with the latest time that the table has, in milliseconds; 0 if it is empty. */
  constructor(latest: number) {
    this.#latest = latest;
  }

  /** The latest time given out, to go back to. */
  get latest(): number {
    return this.#latest;
  }

  /** Goes back, as after something was undone. */
  goBack(latest: number): void {
    this.#latest = latest;
  }

  /** Takes a row's time, and gives the row with the time that it gets. One before 2020 is multiplied in the end. */
  apply<R extends MergeRow>(row: R): R {
    const wanted = Number(row.updated_at_ms);
    let given = wanted;
    if (wanted > this.#latest - UNIQUE_WITHIN_MS) {
      given = wanted > this.#latest ? wanted : this.#latest + 1;
      this.#latest = given;
    }
    const ms = multiplyEarly(given);
    return { ...row, updated_at_ms: ms, updated_at: Math.floor(ms / 1000) };
  }
}
