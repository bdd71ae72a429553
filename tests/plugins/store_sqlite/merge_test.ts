/**
 * What a store keeps of a row, and of what hangs on it, when an item gives it anew.
 */
import { assert, assertEquals } from "@std/assert";
import { execute, Folder, readThread, rowsOf, thread, tool, type Value } from "./database.ts";
import { git, gitOf, Opened, rowOf } from "./opened.ts";

Deno.test("sqliteStore: every derived column is overwritten by the item that gives the row", async () => {
  using folder = new Folder();
  const [t, lease, path] = await Opened.in(folder);
  await using _ = t;
  await t.give(lease, "w", thread("id", 1));
  await t.give(lease, "w", thread("id", 2));
  assertEquals(readThread(path, "id"), thread("id", 2));
  // Which says little unless the two differ everywhere.
  const [one, two] = [Object.entries(thread("id", 1)), new Map(Object.entries(thread("id", 2)))];
  const same = one.filter(([name, value]) => value === two.get(name)).map(([name]) => name);
  assertEquals(same, ["id", "git_sha", "git_branch", "git_origin_url", "name"]);
});

for (const mergeLike of [undefined, "0.99.0", "0.169.0"] as const) {
  Deno.test(`sqliteStore: a long text is in every column that holds it, and in no other (${mergeLike ?? "default"})`, async () => {
    using folder = new Folder();
    const [t, lease, path] = await Opened.in(folder, mergeLike ? { mergeLike } : {});
    await using _ = t;
    const long = `${"é".repeat(1 << 20)}\0`, other = `${long}.`;
    const texts = [[long, long, long], [other, other, other], [long, long, other], [long, other, long], ["", "", ""]];
    for (const [n, [title = "", first_user_message = "", preview = ""]] of texts.entries()) {
      // Once as a new row, once over another; like Codex what is there may win then.
      for (const id of mergeLike ? [`thread ${n}`] : [`thread ${n}`, "thread"]) {
        const row = { ...thread(id, 1), title, first_user_message, preview };
        await t.give(lease, `w ${id}`, row);
        const is = readThread(path, id);
        assert(is?.title === title && is.first_user_message === first_user_message && is.preview === preview, `${n}`);
        assertEquals(is.cwd, row.cwd);
      }
    }
  });
}

Deno.test("sqliteStore: git fields that are present win while the same item and version give the row", async () => {
  using folder = new Folder();
  const [t, lease, path] = await Opened.in(folder);
  await using _ = t;
  await t.give(lease, "w", { ...thread("id", 1), ...git("a"), git_branch: null });
  execute(path, "UPDATE threads SET git_sha = 'mine'");
  await t.give(lease, "w", { ...thread("id", 1), ...git("b") });
  assertEquals(gitOf(rowOf(path, "id")), { git_sha: "mine", git_branch: "branch b", git_origin_url: "a" });
  await t.give(lease, "w", { ...thread("id", 1), ...git(null) });
  assertEquals(gitOf(rowOf(path, "id")), { git_sha: "mine", git_branch: "branch b", git_origin_url: "a" });
  await t.give(lease, "w", { ...thread("id", 1), ...git("c") }, { version: "v2" });
  assertEquals(gitOf(rowOf(path, "id")), git("c"));
});

Deno.test("sqliteStore: git fields of two items are never mixed", async () => {
  using folder = new Folder();
  const [t, lease, path] = await Opened.in(folder);
  await using _ = t;
  await t.give(lease, "w1", { ...thread("id", 1), ...git("a") });
  await t.give(lease, "w2", { ...thread("id", 1), ...git(null) });
  assertEquals(gitOf(rowOf(path, "id")), git(null));
  await t.commit(lease, { gone: ["w2"] });
  assertEquals(gitOf(rowOf(path, "id")), git("a"));
});

const USER_OWNED = `has_user_event = 1, is_pinned = 1, thread_section_id = 'section', section_position = 3,
  section_entered_at_ms = 4, project_id = 'project', daybreak_enabled = 1,
  recency_at = 5, recency_at_ms = 5000`;

for (const mergeLike of [undefined, "0.99.0"] as const) {
  Deno.test(`sqliteStore: user-owned columns are never overwritten (mergeLike ${mergeLike})`, async () => {
    using folder = new Folder();
    const [t, lease, path] = await Opened.in(folder, mergeLike ? { mergeLike } : {});
    await using _ = t;
    await t.give(lease, "w1", thread("id", 1));
    execute(path, `UPDATE threads SET ${USER_OWNED}`);
    const names = USER_OWNED.split(",").map((set) => set.split("=")[0]?.trim() ?? "");
    const owned = (row: Record<string, Value>) => names.map((name) => [name, row[name]]);
    const mine = owned(rowOf(path, "id"));
    await t.give(lease, "w1", thread("id", 2));
    await t.give(lease, "w2", thread("id", 3));
    await t.commit(lease, { gone: ["w2"] });
    assertEquals(owned(rowOf(path, "id")), mine);
  });
}

Deno.test("sqliteStore: a name that comes is written, and none that does not come takes one away", async () => {
  using folder = new Folder();
  const [t, lease, path] = await Opened.in(folder);
  await using _ = t;
  const nameAfter = async (watermark: string, name: string | null) => {
    await t.give(lease, watermark, { ...thread("id", 1), name });
    return rowOf(path, "id").name;
  };
  assertEquals(await nameAfter("w1", null), null);
  assertEquals(await nameAfter("w1", "first"), "first");
  assertEquals(await nameAfter("w1", "second"), "second");
  assertEquals(await nameAfter("w2", null), "second");
  execute(path, "UPDATE threads SET name = 'set in the database'");
  assertEquals(await nameAfter("w2", null), "set in the database");
  await t.commit(lease, { gone: ["w2"] });
  assertEquals(rowOf(path, "id").name, "second", "the item that had a name gives the row again");
});

Deno.test("sqliteStore: a new row begins with its own recency and with the defaults of Codex", async () => {
  using folder = new Folder();
  const [t, lease, path] = await Opened.in(folder);
  await using _ = t;
  await t.give(lease, "w", { ...thread("id", 1), updated_at: 7, updated_at_ms: 7100, name: null });
  const { recency_at, recency_at_ms, has_user_event, is_pinned, project_id, daybreak_enabled } = rowOf(path, "id");
  assertEquals([recency_at, recency_at_ms, has_user_event, is_pinned], [7, 7100, 0, 0]);
  assertEquals([project_id, daybreak_enabled], [null, null]);
  await t.give(lease, "w", { ...thread("id", 1), updated_at: 8, updated_at_ms: 8100, name: "found later" });
  const later = rowOf(path, "id");
  assertEquals([later.updated_at, later.recency_at, later.recency_at_ms, later.name], [8, 7, 7100, "found later"]);
});

Deno.test("sqliteStore: the tools and the edge of a thread are those of the item that gives the row", async () => {
  using folder = new Folder();
  const [t, lease, path] = await Opened.in(folder);
  await using _ = t;
  const edge = { parent_thread_id: "parent", child_thread_id: "id", status: "open" };
  const three = { ...thread("id", 0), dynamic_tools: { thread_id: "id", tools: [1, 2, 3].map((n) => tool("t", n)) } };
  const one = { ...thread("id", 0), dynamic_tools: { thread_id: "id", tools: [tool("u", 4)] }, spawn_edge: edge };
  const none = { ...thread("id", 0), dynamic_tools: null, spawn_edge: null };
  const tools = [1, 2].map((n) => ({ ...tool("t", n), input_schema: "{}" }));
  const fewer = { ...three, dynamic_tools: { thread_id: "id", tools: [1, 2].map((n) => tool("t", n)) } };
  const otherSchema = { ...three, dynamic_tools: { thread_id: "id", tools } };
  for (const row of [three, one, none, one, three, fewer, otherSchema, three]) {
    await t.give(lease, "w", row);
    assertEquals(readThread(path, "id"), row);
  }
  await t.give(lease, "x", one);
  assertEquals(readThread(path, "id"), one);
  await t.commit(lease, { gone: ["x"] });
  assertEquals(readThread(path, "id"), three, "the tools of a copy come back with its row");
});

Deno.test("sqliteStore: tools that a rollout files under another thread are the row's own", async () => {
  using folder = new Folder();
  const [t, lease, path] = await Opened.in(folder);
  await using _ = t;
  await t.give(lease, "w1", { ...thread("other", 0) });
  await t.give(lease, "w2", { ...thread("id", 0), dynamic_tools: { thread_id: "other", tools: [tool("t", 1)] } });
  assertEquals(rowsOf(path, "thread_dynamic_tools").map(({ thread_id, name }) => [thread_id, name]), [["id", "t1"]]);
});

Deno.test("sqliteStore: an item that was moved takes its row or its copy along", async () => {
  using folder = new Folder();
  const [t, lease, path] = await Opened.in(folder);
  await using _ = t;
  await t.give(lease, "w1", thread("id", 1));
  await t.give(lease, "w2", thread("id", 2));
  const moved = (watermark: string, location: string) => ({ watermark, fingerprint: "f2", location });
  await t.commit(lease, { refreshed: [moved("w1", "/new/\0'1"), moved("w2", "/at/w2")] });
  assertEquals(rowOf(path, "id").rollout_path, thread("id", 2).rollout_path, "its location is the same");
  await t.commit(lease, { refreshed: [moved("w2", "/new/2")] });
  assertEquals(rowOf(path, "id").rollout_path, "/new/2");
  await t.commit(lease, { gone: ["w2"] });
  assertEquals(readThread(path, "id"), { ...thread("id", 1), rollout_path: "/new/\0'1" });
});

Deno.test("sqliteStore: integers keep every digit, in a row and through a copy; larger ones are refused", async () => {
  using folder = new Folder();
  const [t, lease, path] = await Opened.in(folder);
  await using _ = t;
  const row = { ...thread("id", 1), tokens_used: 2n ** 63n - 1n, created_at_ms: -(2n ** 63n), updated_at: 2 ** 53 - 1 };
  await t.give(lease, "w1", row);
  assertEquals(readThread(path, "id"), row);
  await t.give(lease, "w2", thread("id", 2));
  await t.commit(lease, { gone: ["w2"] });
  assertEquals(readThread(path, "id"), row);
  for (const tokens_used of [2n ** 63n, -(2n ** 63n) - 1n, 2 ** 53, 1.5, NaN]) {
    const { refused } = await t.commit(lease, { outcomes: [t.extracted("w1", "id", { ...row, tokens_used })] });
    assertEquals(refused.map(({ failure }) => failure.kind), ["refused"], String(tokens_used));
  }
  assertEquals(readThread(path, "id"), row);
});

Deno.test("sqliteStore: the ledger keeps counts, unknown kinds and times", async () => {
  using folder = new Folder();
  const [t, lease, path] = await Opened.in(folder);
  await using _ = t;
  const first = t.now;
  await t.give(lease, "w", thread("id", 1), { rank: "r" });
  t.now += 10;
  await t.commit(lease, { gone: ["w"] });
  const goneAt = t.now;
  t.now += 10;
  await t.commit(lease, { gone: ["w"] });
  const row = () => rowsOf(path, "ledger")[0] ?? {};
  const { records, malformed, bytes_read, unknown, key, rank, location, first_seen_at_ms, gone_at_ms } = row();
  assertEquals([records, malformed, bytes_read, unknown], [3, 1, 100, '{"odd":2}']);
  assertEquals([key, rank, location, first_seen_at_ms, gone_at_ms], ["id", "r", "/at/w", first, goneAt]);
  t.now += 10;
  await t.commit(lease, { refreshed: [{ watermark: "w", fingerprint: "f2", location: "/at/w" }] });
  const seen = t.now;
  assertEquals([row().last_seen_at_ms, row().processed_at_ms, row().gone_at_ms], [seen, first, null]);
  t.now += 10;
  await t.commit(lease, { outcomes: [t.failed("w")] });
  assertEquals([row().last_seen_at_ms, row().processed_at_ms, row().first_seen_at_ms], [t.now, t.now, first]);
});

Deno.test("sqliteStore: the ledger has an item whose watermark is empty as any other", async () => {
  using folder = new Folder();
  const [t, lease] = await Opened.in(folder);
  await using _ = t;
  await t.commit(lease, { outcomes: [t.done("", "ka"), t.done("b", "kb")] });
  assertEquals(Object.keys(await t.ledger()), ["", "b"]);
});

for (const mergeLike of [undefined, "0.169.0"] as const) {
  Deno.test(`sqliteStore: a thread is gone on with whatever somebody put into its columns (${mergeLike ?? "default"})`, async () => {
    using folder = new Folder();
    const [t, lease, path] = await Opened.in(folder, mergeLike ? { mergeLike } : {});
    await using _ = t;
    await t.give(lease, "w1", thread("id", 1), { rank: "1" });
    execute(path, "UPDATE threads SET title = x'61ff', created_at_ms = x'ff', tokens_used = 'many', archived_at = 1.5");
    execute(path, "UPDATE thread_dynamic_tools SET description = x'ff'");
    execute(path, "UPDATE thread_spawn_edges SET status = x'ff'");
    await t.give(lease, "w2", thread("id", 2), { rank: "2" });
    assertEquals(rowOf(path, "id").tokens_used, 2000);
    const [copy] = rowsOf(path, "copies");
    assertEquals(JSON.parse(String(copy?.row ?? "{}")).title, "a\ufffd");
  });
}
