import { assertEquals } from "@std/assert";
import fc from "../../fast_check.ts";
import type { CodexThread } from "../../../plugins/codex_thread.ts";
import { memoryStore } from "../../../plugins/store_memory.ts";
import { sqliteStore } from "../../../plugins/store_sqlite/mod.ts";
import type { Batch, Outcome, Refreshed, Store } from "../../../src/store.ts";
import { StoreFixture } from "../../../src/testing/fixture.ts";
import { Folder, readThread, thread } from "./database.ts";
import { NODE_SQLITE } from "./drivers.ts";

const KEYS = ["k1", "k2", "k3"];
const watermark = fc.constantFrom("w1", "w2", "w3", "w\uff61", "w😀");
const item = { source: fc.constantFrom("s1", "s2"), watermark };

type Step =
  & { readonly source: string; readonly watermark: string }
  & (
    | { readonly kind: "done"; readonly key: string; readonly rank: string; readonly n: number }
    | { readonly kind: "failed"; readonly transient: boolean }
    | { readonly kind: "gone" }
    | { readonly kind: "refreshed"; readonly location: string }
  );

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("done"),
      ...item,
      key: fc.constantFrom(...KEYS),
      rank: fc.constantFrom("", "1", "2", "\uff61", "😀"),
      n: fc.nat(20),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("failed"), ...item, transient: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("gone"), ...item }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("refreshed"), ...item, location: fc.constantFrom("/x", "/y") }),
  },
);

/** A store with a lease for each source, that can be asked for everything it holds. */
class Driven extends StoreFixture<CodexThread> {
  static of(store: Store<CodexThread>, read: (key: string) => CodexThread | undefined): Driven {
    return new Driven({ open: () => store, row: thread, read: (_, key) => read(key) }, store);
  }

  /** Does steps, those of one source that follow each other in one batch, cut where `cuts` says. */
  async follow(steps: readonly Step[], cuts: readonly boolean[]): Promise<void> {
    const leases = { s1: await this.lease("s1"), s2: await this.lease("s2") };
    let batch: Step[] = [];
    const flush = async () => {
      const [first] = batch;
      if (first) await this.commit(first.source === "s1" ? leases.s1 : leases.s2, this.batchOf(batch));
      batch = [];
    };
    for (const [at, one] of steps.entries()) {
      const [before] = batch;
      const again = batch.some((other) => other.watermark === one.watermark);
      if (cuts[at % cuts.length] || again || (before && before.source !== one.source)) await flush();
      batch.push(one);
    }
    await flush();
  }

  batchOf(steps: readonly Step[]): Pick<Batch<CodexThread>, "outcomes" | "gone" | "refreshed"> {
    const outcomes: Outcome<CodexThread>[] = [], gone: string[] = [], refreshed: Refreshed[] = [];
    for (const one of steps) {
      const { watermark } = one;
      if (one.kind === "gone") gone.push(watermark);
      else if (one.kind === "failed") outcomes.push(this.failed(watermark, { transient: one.transient }));
      else if (one.kind === "refreshed") refreshed.push({ watermark, fingerprint: "f2", location: one.location });
      else outcomes.push(this.done(watermark, one.key, { n: one.n, rank: one.rank, snapshot: `${one.n}` }));
    }
    return { outcomes, gone, refreshed };
  }

  async all(): Promise<unknown> {
    const rows = [];
    for (const key of KEYS) rows.push(await this.read(key));
    const states = (await this.store.states()).map(({ lastWatermark: _, holder: __, ...counts }) => counts);
    const ledgers = [await this.ledger("s1"), await this.ledger("s2")];
    const snapshots: unknown[] = [];
    for (const source of ["s1", "s2"]) {
      snapshots.push([...await this.store.snapshots(source, ["w1", "w2", "w3", "w\uff61", "w😀"])].sort());
    }
    return {
      rows,
      states,
      ledgers,
      snapshots,
      failures: await this.store.failures(),
      copies: await this.store.copies?.(),
    };
  }
}

/** So many items of one thread that what they claim is kept from batch to batch. */
const MANY: readonly Step[] = Array.from(
  { length: 8 },
  (_, n): Step => ({ kind: "done", source: "s1", watermark: `m${n}`, key: "k1", rank: "", n }),
);

const runs = fc.tuple(fc.constantFrom([], MANY), fc.array(step, { minLength: 1, maxLength: 30 }))
  .map(([before, steps]) => [...before, ...steps]);
const cut = fc.array(fc.boolean(), { minLength: 1, maxLength: 7 });

Deno.test("sqliteStore and memoryStore agree on every sequence of batches", async () => {
  using folder = new Folder();
  await fc.assert(
    fc.asyncProperty(runs, cut, async (steps, cuts) => {
      const memory = memoryStore<CodexThread>({ relocate: (row, location) => ({ ...row, rollout_path: location }) });
      await using one = Driven.of(memory, (key) => memory.row(key));
      const path = folder.file();
      await using other = Driven.of(
        await sqliteStore({ path, driver: NODE_SQLITE }),
        (key) => readThread(path, key),
      );
      await one.follow(steps, cuts);
      await other.follow(steps, cuts);
      assertEquals(await other.all(), await one.all());
    }),
    { numRuns: 60 },
  );
});

/** One outcome for each of some items. */
const oneEach = fc.uniqueArray(step.filter((one) => one.kind === "done"), {
  minLength: 1,
  maxLength: 10,
  selector: ({ source, watermark }) => `${source} ${watermark}`,
});

Deno.test("sqliteStore gives the same rows in whatever order items come, and whatever went and came back", async () => {
  using folder = new Folder();
  const orders = oneEach.chain((steps) =>
    fc.record({
      steps: fc.constant(steps),
      shuffled: fc.shuffledSubarray(steps, { minLength: steps.length }),
      passing: fc.subarray(steps),
    })
  );
  await fc.assert(
    fc.asyncProperty(orders, cut, cut, async ({ steps, shuffled, passing }, cutsOfOne, cutsOfOther) => {
      const paths = [folder.file(), folder.file()] as const;
      const driver = NODE_SQLITE;
      const [a, b] = [await sqliteStore({ path: paths[0], driver }), await sqliteStore({ path: paths[1], driver })];
      await using one = Driven.of(a, (key) => readThread(paths[0], key));
      await using other = Driven.of(b, (key) => readThread(paths[1], key));
      await one.follow(steps, cutsOfOne);
      const went = passing.map(({ source, watermark }): Step => ({ kind: "gone", source, watermark }));
      const back = went.map((step): Step => ({ ...step, kind: "refreshed", location: `/at/${step.watermark}` }));
      await other.follow([...shuffled, ...went, ...back], cutsOfOther);
      for (const key of KEYS) assertEquals(await other.read(key), await one.read(key));
    }),
    { numRuns: 30 },
  );
});
