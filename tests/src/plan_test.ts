import { assertEquals, assertRejects } from "@std/assert";
import { SourceError } from "../../src/errors.ts";
import type { DueItem } from "../../src/due.ts";
import { type Plan, Planner, type PlanRules } from "../../src/plan.ts";
import { readIntoPlan } from "../../src/planning.ts";
import type { Item, SourceProblem } from "../../src/source.ts";
import type { BackfillStatus, LedgerEntry, SourceState } from "../../src/store.ts";

/** What a plan is made from. */
interface PlanInput extends PlanRules<Item> {
  readonly items: readonly Item[];
  readonly ledger: readonly LedgerEntry[];
  readonly problems: readonly SourceProblem[];
}

/** Plans, and notes what a planner tells meanwhile. */
async function planned(given: PlanInput): Promise<{ planner: Planner<Item>; told: string[] }> {
  const told: string[] = [];
  const planner = new Planner<Item>(given, {
    due: ({ watermark }) => told.push(`${watermark} is due`),
    again: ({ watermark }) => told.push(`${watermark} again`),
  });
  await readIntoPlan(planner, {
    items: () => given.items,
    ledger: () => given.ledger,
    exclusive: async (call) => await call(),
    signal: new AbortController().signal,
  });
  return { planner, told };
}

async function plan(given: PlanInput): Promise<Omit<Plan<Item>, "due"> & { due: DueItem<Item>[] }> {
  const { due, ...others } = (await planned(given)).planner.finish(given.problems);
  return { ...others, due: [...due] };
}

function item(watermark: string, fingerprint = "1"): Item {
  return { watermark, fingerprint, location: `/${watermark}`, size: 1 };
}

function entry(watermark: string, more: Partial<LedgerEntry> = {}): LedgerEntry {
  return { watermark, fingerprint: "1", version: "v1", outcome: "done", transient: false, gone: false, ...more };
}

function state(status: BackfillStatus, lastWatermark: string | null = null): SourceState {
  return { source: "s", status, lastWatermark, lastSuccessAt: null, holder: null };
}

function input(items: Item[], entries: LedgerEntry[], more: Partial<PlanInput> = {}): PlanInput {
  return {
    items,
    problems: [],
    state: state("complete", "z"),
    ledger: entries,
    version: "v1",
    retryFailed: false,
    allowEmpty: false,
    ...more,
  };
}

async function due(given: PlanInput): Promise<string[]> {
  return (await plan(given)).due.map((one) => one.item.watermark);
}

for (const status of ["pending", "running"] as const) {
  Deno.test(`plan() takes what is strictly above the watermark while the first pass is ${status}`, async () => {
    const items = [item("a"), item("b"), item("c")];
    assertEquals(await due(input(items, [], { state: state(status, "b") })), ["c"]);
    assertEquals(await due(input(items, [], { state: state(status, "aa") })), ["b", "c"]);
    assertEquals(await due(input(items, [], { state: state(status) })), ["a", "b", "c"]);
    assertEquals(await due(input(items, [], { state: state(status, "z") })), []);
  });
}

Deno.test("plan() takes what came, changed or went by below the watermark of a first pass that was stopped", async () => {
  const items = ["a", "b", "c", "d", "z"].map((watermark) => item(watermark, watermark === "b" ? "2" : "1"));
  const entries = [entry("b"), entry("c"), entry("d", { gone: true }), entry("e")];
  const given = input(items, entries, { state: state("running", "f") });
  assertEquals(await due(given), ["a", "b", "z"]);
  const { refreshed, gone } = await plan(given);
  assertEquals([refreshed.map(({ watermark }) => watermark), gone], [["d"], ["e"]]);
  const above = await plan({ ...given, onlyAbove: true });
  assertEquals([above.due.map((one) => one.item.watermark), above.refreshed], [["z"], []]);
});

Deno.test("plan() takes failures below the watermark of a first pass only on request", async () => {
  const given = input([item("a"), item("c")], [entry("a", { outcome: "failed" })], { state: state("running", "b") });
  assertEquals(await due(given), ["c"]);
  assertEquals(await due({ ...given, retryFailed: true }), ["a", "c"]);
});

Deno.test("Planner gives what is to do in the order of watermarks, whatever the order in which items are listed", async () => {
  const items = ["b", "\u{1f600}", "c", "\uff61", "a"].map((watermark) => item(watermark, "2"));
  const ledger = ["c", "\u{1f600}", "b"].map((watermark) => entry(watermark));
  const given = input(items, ledger, { sameBytes: () => true });
  assertEquals(await due(given), ["a", "\uff61"]);
  assertEquals((await plan(given)).refreshed.map(({ watermark }) => watermark), ["b", "c", "\u{1f600}"]);
});

Deno.test("Planner says what becomes of an item, and takes the first of two", async () => {
  const items = [item("known"), item("new"), item("known", "2"), item("new")];
  const { planner, told } = await planned(input(items, [entry("known")]));
  assertEquals(told, ["new is due", "known again", "new again"]);
  assertEquals([planner.listed, planner.finish([]).due.length], [2, 1]);
});

Deno.test("plan() takes nothing that is unchanged after complete", async () => {
  const given = input([item("a"), item("b")], [entry("a"), entry("b", { outcome: "failed" })]);
  assertEquals(await plan(given), { due: [], refreshed: [], gone: [] });
});

Deno.test("plan() takes new, changed and re-versioned items wherever they sort", async () => {
  const items = [item("a"), item("b", "2"), item("c"), item("d")];
  const ledger = [entry("b"), entry("c", { version: "v0" }), entry("d")];
  assertEquals(await due(input(items, ledger)), ["a", "b", "c"]);
});

Deno.test("plan() takes a failure when it changed, when it may pass by itself, or on request", async () => {
  const items = [item("changed", "2"), item("content"), item("disk")];
  const ledger = [
    entry("changed", { outcome: "failed" }),
    entry("content", { outcome: "failed" }),
    entry("disk", { outcome: "failed", transient: true }),
  ];
  assertEquals(await due(input(items, ledger)), ["changed", "disk"]);
  assertEquals(await due(input(items, ledger, { retryFailed: true })), ["changed", "content", "disk"]);
});

Deno.test("plan() takes a failure that changed, also where only its look did", async () => {
  const ledger = [entry("a", { outcome: "failed" }), entry("b")];
  assertEquals(await due(input([item("a", "2"), item("b", "2")], ledger, { sameBytes: () => true })), ["a"]);
});

Deno.test("plan() lets only an item that was done by the same version go on from its snapshot", async () => {
  const items = [item("done", "2"), item("failed", "2"), item("new"), item("old", "2")];
  const ledger = [entry("done"), entry("failed", { outcome: "failed" }), entry("old", { version: "v0" })];
  const continues = (await plan(input(items, ledger))).due.map((one) => [one.item.watermark, one.continues]);
  assertEquals(continues, [["done", true], ["failed", false], ["new", false], ["old", false]]);
});

Deno.test("plan() reads nothing of an item that came back unchanged or only looks different", async () => {
  const items = [item("back"), item("packed", "1z")];
  const given = input(items, [entry("back", { gone: true }), entry("packed")], {
    sameBytes: (before, now) => now.fingerprint === `${before}z`,
  });
  assertEquals(await plan(given), {
    due: [],
    refreshed: [
      { watermark: "back", fingerprint: "1", location: "/back" },
      { watermark: "packed", fingerprint: "1z", location: "/packed" },
    ],
    gone: [],
  });
});

Deno.test("plan() marks what is not listed as gone, once", async () => {
  const given = input([item("a")], [entry("a"), entry("b"), entry("c", { gone: true })]);
  assertEquals((await plan(given)).gone, ["b"]);
});

Deno.test("plan() does not take for gone what a problem may hide", async () => {
  const given = input([item("x")], [entry("x"), entry("locked/a"), entry("open/a")], {
    problems: [
      { location: "/locked", reason: "permission denied", hides: "locked/" },
      { location: "/elsewhere", reason: "hides nothing" },
    ],
  });
  assertEquals((await plan(given)).gone, ["open/a"]);
});

Deno.test("plan() refuses a source that suddenly lists nothing", async () => {
  const given = input([], [entry("a"), entry("b")]);
  await assertRejects(() => plan(given), SourceError, "lists nothing, but the ledger has 2 items");
  assertEquals((await plan({ ...given, allowEmpty: true })).gone, ["a", "b"]);
  assertEquals((await plan(input([], [entry("a", { gone: true })]))).gone, []);
});

Deno.test("plan() takes nothing for gone below a place that cannot be listed, whatever is in its name", async () => {
  const entries = [entry("a\ufffd/1"), entry("b/1")];
  const problems = [{ location: "/a", reason: "it cannot be listed", hides: "a\ud800/" }];
  assertEquals((await plan(input([item("c")], entries, { problems }))).gone, ["b/1"]);
});

Deno.test("others have their turn while a ledger is read that never waits", async () => {
  let hadTurn = false;
  const timer = setTimeout(() => hadTurn = true, 0);
  // So many would take minutes.
  const ledger = function* (): Generator<LedgerEntry> {
    for (let at = 0; at < 100_000_000 && !hadTurn; at++) yield entry(`a${String(at).padStart(9, "0")}`, { gone: true });
  };
  const planner = new Planner<Item>(input([item("z")], []), { due: () => {}, again: () => {} });
  const read = readIntoPlan(planner, {
    items: () => [item("z")],
    ledger,
    exclusive: async (call) => await call(),
    signal: new AbortController().signal,
  });
  await read;
  clearTimeout(timer);
  assertEquals([hadTurn, planner.knowsAll], [true, true]);
});

Deno.test("below the watermark of a first pass, too, the first of two items is taken, and the other is told", async () => {
  const items = ["b", "z", "b", "a"].map((watermark) => item(watermark));
  const { planner, told } = await planned(input(items, [], { state: state("running", "m") }));
  assertEquals([told.filter((one) => one.endsWith(" again")), planner.listed], [["b again"], 3]);
});

Deno.test("an item without a prototype whose fingerprint has half of a surrogate pair is as good as a plain one", async () => {
  const odd: Item = Object.assign(Object.create(null), item("a", "x\ud800"));
  assertEquals((await plan(input([odd], []))).due.map((one) => one.item.fingerprint), ["x\ufffd"]);
});
