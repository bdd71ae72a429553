/**
 * The suite that every store passes, for those who write one.
 *
 * @example A store of your own
 * ```ts
 * import { memoryStore } from "@rollout/backfill/store-memory";
 * import { testStore } from "@rollout/backfill/testing";
 *
 * const tests: string[] = [];
 * const stores = new WeakMap<object, ReturnType<typeof memoryStore<string>>>();
 * testStore("my store", {
 *   open: () => {
 *     const store = memoryStore<string>();
 *     stores.set(store, store);
 *     return store;
 *   },
 *   row: (key, n) => `${key.toWellFormed()} ${n}`,
 *   read: (store, key) => stores.get(store)?.row(key),
 *   test: (name) => tests.push(name),
 * });
 * console.log(tests.length);
 * ```
 *
 * @module
 */
import { type StoreAccess, type StoreCase, StoreFixture } from "./fixture.ts";
import { failoverCases } from "./store_failover.ts";
import { leaseCases } from "./store_lease.ts";
import { ledgerCases } from "./store_ledger.ts";
import { rowCases } from "./store_rows.ts";
import { safetyCases } from "./store_safety.ts";

export type { StoreAccess, StoreKeeps } from "./fixture.ts";

/** What {@linkcode testStore} is given. */
export interface StoreTestOptions<R> extends StoreAccess<R> {
  /** Registers a test, e.g. `test` of `node:test` or `it` of another runner. Default: `Deno.test`. */
  readonly test?: (name: string, run: () => Promise<void>) => unknown;
  /** Names of cases that do not apply to this store. */
  readonly without?: readonly string[];
}

const cases: readonly StoreCase[] = [...leaseCases, ...ledgerCases, ...rowCases, ...failoverCases, ...safetyCases];

/** The name of every case of the suite. */
export const storeCaseNames: readonly string[] = cases.map(({ name }) => name);

/**
 * Registers a test for each thing that must hold of a store.
 *
 * @typeParam R The rows that the store keeps.
 * @param name The name of the store, which the names of the tests begin with.
 * @param options How to open it and to get at its rows.
 * @throws {RangeError} If a name in `without` is not the name of a case.
 */
export function testStore<R>(name: string, options: StoreTestOptions<R>): void {
  const { without = [], test = (title: string, run: () => Promise<void>) => Deno.test(title, run) } = options;
  const { keeps = {} } = options;
  const unknown = without.find((one) => !storeCaseNames.includes(one));
  if (unknown !== undefined) throw new RangeError(`Cannot leave out the case "${unknown}": there is none of that name`);
  for (const { name: sentence, needs, about = [], run } of cases) {
    if (without.includes(sentence) || (needs && !options[needs])) continue;
    if (about.some((part) => keeps[part] === false)) continue;
    test(`${name}: ${sentence}`, async () => {
      await using fixture = new StoreFixture<R>(options, await options.open());
      await run(fixture);
    });
  }
}
