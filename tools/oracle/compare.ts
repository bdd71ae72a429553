/**
 * Row by row, column by column: where do two databases differ?
 *
 * @module
 */
import type { Row, Tables } from "./tables.ts";

/** One difference. */
export type Difference =
  | { readonly kind: "missing row" | "unexpected row"; readonly table: string; readonly key: string }
  | { readonly kind: "missing table"; readonly table: string }
  | {
    readonly kind: "column";
    readonly table: string;
    readonly key: string;
    readonly column: string;
    /** What Codex has. */
    readonly expected: string | number | null;
    /** What is there instead; `undefined` if there is no such column. */
    readonly actual: string | number | null | undefined;
  };

/** The columns that name a row of each table. */
const KEYS = {
  threads: ["id"],
  thread_dynamic_tools: ["thread_id", "position"],
  thread_spawn_edges: ["child_thread_id"],
  // One home, one row; its id is nobody's business.
  backfill_state: [],
} as const satisfies Record<keyof Tables, readonly string[]>;

/**
 * Compares the rows of a table. Every column of an expected row must be there with that value; further ones do not matter.
 *
 * @param table The name of the table, for the differences.
 * @param key The columns that name a row.
 * @param expected What Codex wrote.
 * @param actual What is compared with it.
 * @returns The differences, in order of key, then column.
 */
export function compareRows(
  table: string,
  key: readonly string[],
  expected: readonly Row[],
  actual: readonly Row[],
): Difference[] {
  const name = (row: Row): string => key.map((column) => row[column]).join("/");
  const here = new Map(actual.map((row) => [name(row), row]));
  const wanted = new Map(expected.map((row) => [name(row), row]));
  const keys = [...new Set([...wanted.keys(), ...here.keys()])].sort();
  return keys.flatMap((key): Difference[] => {
    const want = wanted.get(key), have = here.get(key);
    if (want === undefined) return [{ kind: "unexpected row", table, key }];
    if (have === undefined) return [{ kind: "missing row", table, key }];
    return Object.entries(want)
      .filter(([column, value]) => !Object.is(have[column], value))
      .map(([column, value]) => ({ kind: "column", table, key, column, expected: value, actual: have[column] }));
  });
}

/**
 * Compares all that a backfill leaves.
 *
 * @param expected What Codex wrote. A table that it does not have is not compared.
 * @param actual What is compared with it.
 * @returns The differences.
 */
export function compareTables(expected: Tables, actual: Tables): Difference[] {
  const tables: readonly (keyof Tables)[] = [
    "threads",
    "thread_dynamic_tools",
    "thread_spawn_edges",
    "backfill_state",
  ];
  return tables.flatMap((table): Difference[] => {
    const want = expected[table], have = actual[table];
    if (want === null) return [];
    // A table that is empty on one side may be absent on the other.
    if (have === null) return want.length === 0 ? [] : [{ kind: "missing table", table }];
    const [left, right] = table === "backfill_state" ? [want.map(withoutId), have.map(withoutId)] : [want, have];
    return compareRows(table, KEYS[table], left, right);
  });
}

/** Says a difference in a line. */
export function describe(difference: Difference): string {
  switch (difference.kind) {
    case "missing table":
      return `${difference.table}: there is no such table`;
    case "missing row":
    case "unexpected row":
      return `${difference.table} ${difference.key}: ${difference.kind}`;
    case "column": {
      const { table, key, column, expected, actual } = difference;
      return `${table} ${key} ${column}: Codex has ${show(expected)}, we have ${show(actual)}`;
    }
  }
}

function withoutId({ id: _, ...row }: Row): Row {
  return row;
}

function show(value: string | number | null | undefined): string {
  // Values come from rollouts, so what a terminal would obey is escaped.
  const text = JSON.stringify(value)?.replace(/[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escapeUnit) ??
    "nothing";
  return text.length > 400 ? `${text.slice(0, 400)}… (${text.length} characters)` : text;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
