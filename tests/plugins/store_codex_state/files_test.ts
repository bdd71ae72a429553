/**
 * Several files of one thread: which gives the row, what is kept of the others, and which of them is waited for.
 */
import { assertEquals } from "@std/assert";
import { threadId } from "../../home.ts";
import { Folder, insertThread, openStore, rowOf, thread } from "./database.ts";
import { fixture, gives, run } from "./runs.ts";

Deno.test("of several files of a thread the best gives the row, in the first run and in every one after it", async () => {
  using folder = new Folder();
  const path = folder.state();
  const files = ["a", "b", "c"].map((name) => folder.rollout(name));
  const ranks = ["1", "3", "2"];
  const outcomes = files.map((location, n) =>
    gives(`${n}`, thread("t", n, { rollout_path: location, git_branch: n === 0 ? "poor" : null }), ranks[n])
  );
  for (const turn of ["first", "second"]) {
    await using store = await openStore({ path });
    await run(store, ...outcomes);
    const row = rowOf(path, "t");
    assertEquals([row?.rollout_path, row?.git_branch, row?.recency_at_ms], [files[1], null, 1_750_000_010_000], turn);
    const { inserted, updated, copies } = store.changes();
    assertEquals([inserted, updated, copies], turn === "first" ? [1, 0, 2] : [0, 0, 2]);
  }
  {
    // The file that the row names gives nothing any more: the best of the others does.
    await using store = await openStore({ path });
    const failure = { kind: "empty", reason: "it is empty", transient: false };
    const failed = { watermark: "1", fingerprint: "f", location: files[1] ?? "", version: "v", failure };
    await run(store, ...outcomes.filter((_, n) => n !== 1), failed);
    assertEquals(rowOf(path, "t")?.rollout_path, files[2]);
  }
});

Deno.test("like Codex 0.169.0 the last file gives the row", async () => {
  using folder = new Folder();
  const path = folder.state();
  await using store = await openStore({ path, compat: "0.169.0" });
  await run(store, gives("a", thread("t", 1), "9"), gives("b", thread("t", 2), "1"));
  assertEquals(rowOf(path, "t")?.cwd, "/cwd/2");
});

Deno.test("copies are the files that another of their thread is better than, in whatever order they come", async () => {
  for (const named of [true, false]) {
    for (const ranks of [["1", "2", "3"], ["3", "2", "1"], ["2", "3", "1"]]) {
      using folder = new Folder();
      const file = `${folder.path}/rollout-named.jsonl`;
      Deno.writeTextFileSync(file, "");
      const path = folder.state(insertThread("known", named ? { rollout_path: file } : {}));
      await using store = await openStore({ path });
      const rows = ranks.map((rank) => gives(rank, thread("known", Number(rank)), rank));
      await run(store, ...rows);
      assertEquals(store.changes().copies, 2, `${named} ${ranks}`);
      assertEquals(rowOf(path, "known")?.cwd, "/cwd/3");
    }
  }
});

Deno.test("of two files of a new thread in one batch the better one gives the row", async () => {
  using folder = new Folder();
  const path = folder.state();
  await using store = await openStore({ path });
  const t = fixture(store), lease = await t.lease();
  const outcomes = ["1", "2"].map((rank) =>
    gives(rank, thread("t", Number(rank), { rollout_path: folder.rollout(rank) }), rank)
  );
  await t.commit(lease, { outcomes });
  await store.complete(lease, t.now);
  const { inserted, refused } = store.changes();
  assertEquals([rowOf(path, "t")?.cwd, inserted, refused], ["/cwd/2", 1, []]);
});

Deno.test("a file gives the row in a run after the one in which another was better, once that is gone", async () => {
  using folder = new Folder();
  const path = folder.state();
  const [a, b] = [folder.rollout("a"), folder.rollout("b")];
  const worse = gives("a", thread("t", 1, { rollout_path: a }), "1");
  await using store = await openStore({ path });
  await run(store, worse, gives("b", thread("t", 2, { rollout_path: b }), "2"));
  assertEquals(rowOf(path, "t")?.rollout_path, b);
  Deno.removeSync(b);
  await run(store, worse);
  assertEquals(rowOf(path, "t")?.rollout_path, a);
});

for (const what of ["another file", "a copy of another file"]) {
  Deno.test(`what a thread began with is kept where it goes on in ${what} of the same run`, async () => {
    using folder = new Folder();
    const path = folder.state(), id = threadId(1), begun = `rollout-2026-01-27T12-34-56-${id}`;
    const goesOn = `${begun}_${threadId(9)}`;
    const names = what === "another file" ? [begun, goesOn] : [begun, goesOn, `copy/${goesOn}`];
    const outcomes = names.map((name, n) => {
      const rollout_path = folder.rollout(`${name}.jsonl`), git_branch = n === 0 ? "begun" : null;
      return gives(`${n}`, thread(id, 2 * n, { rollout_path, git_branch }), `${n}`);
    });
    await using store = await openStore({ path });
    await run(store, ...outcomes);
    const row = rowOf(path, id), began = 1_750_000_000_000;
    assertEquals([row?.rollout_path, row?.git_branch, row?.recency_at_ms], [outcomes.at(-1)?.location, "begun", began]);
  });
}

for (const batch of ["the same batch", "a batch before"]) {
  Deno.test(`the file that a row names is not waited for where it failed in ${batch}`, async () => {
    using folder = new Folder();
    const location = folder.rollout("named");
    const path = folder.state(insertThread("t", { rollout_path: location }));
    await using store = await openStore({ path });
    const failure = { kind: "empty", reason: "it is empty", transient: false };
    const failed = { watermark: "0", fingerprint: "f", location, version: "v", failure };
    const t = fixture(store), lease = await t.lease(), good = gives("a", thread("t", 2));
    for (const outcomes of batch === "the same batch" ? [[failed, good]] : [[failed], [good]]) {
      await t.commit(lease, { outcomes });
    }
    assertEquals(rowOf(path, "t")?.cwd, "/cwd/2");
  });
}

Deno.test("the folder that a row names is not waited for", async () => {
  using folder = new Folder();
  const path = folder.state(insertThread("t", { rollout_path: folder.path }));
  await using store = await openStore({ path });
  const t = fixture(store), lease = await t.lease();
  await t.commit(lease, { outcomes: [gives("a", thread("t", 2))] });
  assertEquals(rowOf(path, "t")?.cwd, "/cwd/2");
});
