/**
 * What can happen to a home and to the runs over it, as data that fast-check makes and makes smaller.
 *
 * @module
 */
import fc from "../fast_check.ts";

/** How a run goes. */
export interface RunHow {
  /** Items in a batch. */
  readonly batch: number;
  /** Whether failures are due again. */
  readonly retry: boolean;
  /** Whether an empty home is believed. */
  readonly empty: boolean;
}

/** One thing that happens. Files are named by their place in the list of those that there are. */
export type Action =
  | {
    readonly do: "create";
    readonly thread: number;
    readonly folder: number;
    readonly named: boolean;
    readonly lines: number;
  }
  | { readonly do: "append"; readonly file: number; readonly lines: number }
  | { readonly do: "tear"; readonly file: number }
  | { readonly do: "truncate"; readonly file: number; readonly lines: number; readonly torn: boolean }
  | { readonly do: "rewrite"; readonly file: number; readonly thread: number; readonly lines: number }
  | { readonly do: "rename"; readonly file: number; readonly folder: number }
  | { readonly do: "duplicate"; readonly file: number; readonly folder: number }
  | { readonly do: "restore"; readonly file: number }
  | {
    readonly do: "archive" | "unarchive" | "compress" | "uncompress" | "delete" | "touch";
    readonly file: number;
  }
  | { readonly do: "bump" }
  | { readonly do: "run"; readonly how: RunHow }
  /** A run that is cancelled after some commits. */
  | { readonly do: "interrupt"; readonly how: RunHow; readonly after: number }
  /** A run that dies at one of the points at which it can, in thousandths of them. */
  | { readonly do: "crash"; readonly how: RunHow; readonly at: number }
  /** A run whose database fails at some statement, in thousandths of them. */
  | { readonly do: "fail"; readonly how: RunHow; readonly at: number };

/** The folders in which files can lie, among them two whose order by UTF-16 unit is another than that by code point. */
export const FOLDERS: readonly string[] = [
  "sessions/2026/01/27",
  "archived_sessions",
  "sessions/\uff61",
  "sessions/\u{1f600}",
  "archived_sessions/sub",
];

const file = fc.nat(20), folder = fc.nat(FOLDERS.length - 1), thread = fc.nat(2), lines = fc.nat(4);
const how: fc.Arbitrary<RunHow> = fc.record({
  batch: fc.integer({ min: 1, max: 4 }),
  retry: fc.boolean(),
  empty: fc.boolean(),
});
const at = fc.nat(999);

function just<T extends string>(...names: T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...names);
}

const one: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: just("create"), thread, folder, named: fc.boolean(), lines }) },
  { weight: 3, arbitrary: fc.record({ do: just("append"), file, lines }) },
  { weight: 2, arbitrary: fc.record({ do: just("tear"), file }) },
  { weight: 2, arbitrary: fc.record({ do: just("truncate"), file, lines, torn: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: just("rewrite"), file, thread, lines }) },
  { weight: 2, arbitrary: fc.record({ do: just("rename"), file, folder }) },
  { weight: 2, arbitrary: fc.record({ do: just("duplicate"), file, folder }) },
  { weight: 2, arbitrary: fc.record({ do: just("restore"), file }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: just("archive", "unarchive", "compress", "uncompress", "delete", "touch"), file }),
  },
  { weight: 1, arbitrary: fc.record({ do: just("bump") }) },
  { weight: 6, arbitrary: fc.record({ do: just("run"), how }) },
  { weight: 3, arbitrary: fc.record({ do: just("interrupt"), how, after: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ do: just("crash"), how, at }) },
  { weight: 2, arbitrary: fc.record({ do: just("fail"), how, at }) },
);

/** What happens, in order. */
export const actions: fc.Arbitrary<Action[]> = fc.array(one, { minLength: 1, maxLength: 40, size: "max" });
