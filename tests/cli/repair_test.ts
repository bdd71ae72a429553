/**
 * `backfill repair`: a plan that writes nothing, and a repair that changes what is wrong and nothing else.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { basename, dirname, join } from "@std/path";
import { rmSync } from "node:fs";
import { type ChildResult, denoRun, MOD, runCli } from "../child.ts";
import { CodexHome } from "../codex_state/codex_home.ts";
import { makeStateDatabase, readBackfill } from "../codex_state/state_database.ts";
import { rolloutText, threadId } from "../home.ts";
import { openStore } from "../plugins/store_codex_state/database.ts";

function repair(home: CodexHome, ...flags: string[]): Promise<ChildResult> {
  return runCli(["repair", "--codex-home", home.path, ...flags]);
}

/** A home with one thread wrong in each way, and one with a row whose file is gone. */
function wrongHome(): CodexHome {
  const home = new CodexHome();
  home.restored(1);
  home.indexed(2, { rollout_path: "/old/home/rollout.jsonl" });
  home.indexed(3, { archived: 1, archived_at: 5 });
  home.indexed(4, { cwd: "/elsewhere" });
  Deno.removeSync(home.indexed(5));
  return home;
}

/** The ids of the threads of {@linkcode wrongHome} that are as they should be. */
function right(home: CodexHome): number[] {
  const path = (number: number) =>
    join(home.path, `sessions/2026/01/27/rollout-2026-01-27T12-34-56-${threadId(number)}.jsonl`);
  return [1, 2, 3, 4].filter((number) => {
    const row = home.row(number);
    return row?.rollout_path === path(number) && row.archived === 0 && row.cwd === "/srv/demo";
  });
}

Deno.test("repair: without --apply the plan is shown, and not one byte changes", async () => {
  using home = wrongHome();
  const before = home.hashes();
  const text = await repair(home);
  assertEquals([text.code, text.stderr], [0, ""]);
  assertStringIncludes(text.stdout, "make the rows of 1 thread\n");
  assertStringIncludes(text.stdout, "change the rows of 3 threads;");
  assertStringIncludes(text.stdout, "keep 1 row whose file is gone; --prune removes it");
  assertStringIncludes(text.stdout, "Nothing was written.");
  const json = JSON.parse((await repair(home, "--json", "--prune")).stdout);
  assertEquals([json.status, json.applied, json.written, json.snapshot], ["planned", false, 0, null]);
  assertEquals(json.plan, { insert: 1, update: 3, prune: 1, completes: false, clears: false });
  assertEquals(home.hashes(), before);
});

Deno.test("repair --apply: rows are made and put right, what the user set stays, and a second one has nothing to do", async () => {
  using home = wrongHome();
  const set = { title: "mine", first_user_message: "message 6", name: "My name", is_pinned: 1, git_branch: "topic" };
  home.indexed(6, { ...set, cwd: "/elsewhere", memory_mode: "disabled" });
  const rollouts = Object.entries(home.hashes()).filter(([path]) => path.endsWith(".jsonl"));
  const { code, stdout, stderr } = await repair(home, "--apply", "--json");
  const json = JSON.parse(stdout);
  assertEquals([code, stderr, json.status, json.applied], [0, "", "applied", true]);
  assertEquals([json.written, json.pruned, json.after.repairable, json.after.stale], [5, 0, 0, 1]);
  assertEquals(right(home), [1, 2, 3, 4]);
  const { title, name, is_pinned, git_branch, memory_mode, cwd } = home.row(6) ?? {};
  assertEquals([title, name, is_pinned, git_branch, memory_mode, cwd], [
    "mine",
    "My name",
    1,
    "topic",
    "disabled",
    "/srv/demo",
  ]);
  assertEquals(home.row(5)?.title, "message 5");
  assertEquals(Object.entries(home.hashes()).filter(([path]) => path.endsWith(".jsonl")), rollouts);
  const after = home.hashes();
  const again = JSON.parse((await repair(home, "--apply", "--json")).stdout);
  assertEquals([again.status, again.applied, again.written, again.pruned], ["applied", true, 0, 0]);
  assertEquals([again.snapshot, again.how_to_restore, again.after], [null, null, null]);
  assertEquals(home.hashes(), after);
});

Deno.test("repair --apply: a name that a database made anew or put back lacks is given back, but with --compat 0.169.0", async () => {
  using home = new CodexHome();
  home.indexed(1, { history_mode: "paginated" });
  home.write("session_index.jsonl", `${JSON.stringify({ id: threadId(1), thread_name: "My name" })}\n`);
  const like = await repair(home, "--apply", "--compat", "0.169.0");
  assertEquals([like.code, home.row(1)?.name], [0, null]);
  const { code, stdout } = await repair(home, "--apply", "--json");
  assertEquals([code, JSON.parse(stdout).written, home.row(1)?.name], [0, 1, "My name"]);
});

Deno.test("repair --apply: the snapshot is the database from before, and it says how to go back", async () => {
  using home = wrongHome();
  const { stdout } = await repair(home, "--apply");
  const [, snapshot = ""] = /^the database as it was before: (.*)$/m.exec(stdout) ?? [];
  assertEquals(dirname(snapshot), home.path);
  assertMatch(stdout, /^to go back to it, close Codex, remove /m);
  for (const end of ["-wal", "-shm"]) rmSync(`${home.state}${end}`, { force: true });
  Deno.copyFileSync(snapshot, home.state);
  assertEquals([home.row(1), right(home)], [undefined, []]);
});

Deno.test("repair --apply --prune: rows whose file is gone are removed, no others", async () => {
  using home = wrongHome();
  const { code, stdout } = await repair(home, "--apply", "--prune", "--json");
  const json = JSON.parse(stdout);
  assertEquals([code, json.pruned, json.after.equal], [0, 1, true]);
  assertEquals([home.row(5), right(home)], [undefined, [1, 2, 3, 4]]);
});

for (
  const [only, expected] of [
    ["missing", [1]],
    ["stale", [2]],
    ["archived", [3]],
    ["differing,missing", [1, 4]],
    ["differing --only missing", [1, 4]],
  ] as const
) {
  Deno.test(`repair --only ${only}: nothing else is changed`, async () => {
    using home = wrongHome();
    const { code } = await repair(home, "--apply", "--only", ...only.split(" "));
    assertEquals([code, right(home)], [0, [...expected]]);
  });
}

Deno.test("repair --only that leaves everything out says how much there is", async () => {
  using home = new CodexHome();
  home.restored(1);
  const { code, stdout } = await repair(home, "--only", "differing,stale", "--apply");
  assertEquals([code, home.row(1)], [0, undefined]);
  assertStringIncludes(stdout, "There is nothing to repair of what --only names");
  assertStringIncludes(stdout, "without --only 1 thread would be repaired.");
});

Deno.test("repair --only something else is wrong usage", async () => {
  using home = wrongHome();
  const { code, stderr } = await repair(home, "--only", "missing", "--only", "everything");
  assertEquals(code, 2);
  assertStringIncludes(stderr, '--only takes missing or stale or archived or differing, not "everything"');
});

Deno.test("repair: while Codex backfills, nothing is done, and it says until when", async () => {
  using home = wrongHome();
  const since = Math.floor(Date.now() / 1000) - 60;
  home.change((database) => database.exec(`UPDATE backfill_state SET status = 'running', updated_at = ${since}`));
  const before = home.hashes();
  for (const flags of [[], ["--apply"]]) {
    const { code, stdout, stderr } = await repair(home, ...flags);
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, "Codex is backfilling");
    assertStringIncludes(stderr, new Date((since + 900) * 1000).toISOString());
    assertEquals(home.hashes(), before);
  }
  const verified = await runCli(["verify", "--codex-home", home.path]);
  assertStringIncludes(verified.stdout, "a Codex is backfilling it now");
});

Deno.test("repair: the lease of a Codex that was killed is explained, and cleared with --apply", async () => {
  using home = new CodexHome();
  home.indexed(1);
  const sql = "UPDATE backfill_state SET status = 'running', last_watermark = NULL, updated_at = 1700000000";
  home.change((database) => database.exec(sql));
  const before = home.hashes();
  const plan = await repair(home);
  assertStringIncludes(plan.stdout, "the Codex that ran it was killed");
  assertStringIncludes(plan.stdout, "record Codex's own backfill as complete");
  assertEquals(plan.stdout.includes("begins anew"), false);
  assertEquals(home.hashes(), before);
  const { code } = await repair(home, "--apply");
  assertEquals([code, readBackfill(home.state)?.status], [0, "complete"]);
});

Deno.test("repair --only leaves Codex's own backfill to begin what it leaves", async () => {
  for (const [status, updated] of [["pending", 0], ["running", 1_700_000_000]] as const) {
    using home = wrongHome();
    const sql = `UPDATE backfill_state SET status = '${status}', last_watermark = NULL, last_success_at = NULL,
      updated_at = ${updated}`;
    home.change((database) => database.exec(sql));
    const plan = await repair(home, "--only", "archived");
    assertEquals(
      plan.stdout.includes("clear the mark of Codex's own backfill, which was killed"),
      status === "running",
    );
    const { code } = await repair(home, "--only", "archived", "--apply");
    assertEquals([code, readBackfill(home.state)?.status, right(home)], [0, "pending", [3]]);
    // With nothing to write the mark is cleared as well.
    home.change((database) => database.exec(sql));
    await repair(home, "--only", "archived", "--apply");
    assertEquals([readBackfill(home.state)?.status, right(home)], ["pending", [3]]);
    await repair(home, "--apply");
    assertEquals([readBackfill(home.state)?.status, right(home)], ["complete", [1, 2, 3, 4]]);
  }
});

Deno.test("repair goes on at once where one that worked like Codex was killed", async () => {
  using home = wrongHome();
  home.change((database) => database.exec("UPDATE backfill_state SET status = 'pending', last_watermark = NULL"));
  {
    // Who is killed lets go of its lock and gives no lease back.
    await using store = await openStore({ path: home.state, compat: "0.169.0" });
    const owner = { host: "", pid: 1, startedAt: 0, token: crypto.randomUUID() };
    await store.claim({ source: "home", owner, leaseMs: 60_000, at: Date.now() });
  }
  assertEquals(readBackfill(home.state)?.status, "running");
  const { code, stderr } = await repair(home, "--apply");
  assertStringIncludes(stderr, "taking over from process 1: it is gone");
  assertEquals([code, readBackfill(home.state)?.status, right(home)], [0, "complete", [1, 2, 3, 4]]);
});

Deno.test("repair --prune with an --only that leaves stale rows out is wrong usage", async () => {
  using home = wrongHome();
  const { code, stderr } = await repair(home, "--prune", "--only", "missing", "--apply");
  assertEquals([code, right(home)], [2, []]);
  assertStringIncludes(stderr, "--prune removes stale rows, which --only leaves out");
});

Deno.test("repair --apply removes what a snapshot left that was broken off, and no other file", async () => {
  using home = wrongHome();
  const name = basename(home.state), left = `${name}.20260101T000000Z.snapshot.partial`;
  const stays = [
    `${name}.20260101T000000Z.snapshot`,
    `${name}.mine.partial`,
    `other.20260101T000000Z.snapshot.partial`,
  ];
  for (const one of [left, `${left}-journal`, ...stays]) home.write(one, "");
  await repair(home, "--apply");
  const partial = Array.from(Deno.readDirSync(home.path), ({ name }) => name).filter((name) =>
    name.includes(".partial")
  );
  assertEquals(partial.sort(), stays.slice(1).sort());
  assertEquals(Deno.statSync(join(home.path, stays[0] ?? "")).size, 0);
});

Deno.test("repair: a path that leads to the same file through a link is left as it is", async () => {
  using home = new CodexHome();
  const path = home.indexed(1, { cwd: "/elsewhere" });
  const link = join(home.top, "link");
  Deno.symlinkSync(home.path, link);
  const through = join(link, path.slice(home.path.length));
  home.change((database) => database.prepare("UPDATE threads SET rollout_path = ?").run(through));
  await repair(home, "--apply");
  assertEquals([home.row(1)?.rollout_path, home.row(1)?.cwd], [through, "/srv/demo"]);
});

Deno.test("repair: an edge that is missing alone counts as a change", async () => {
  using home = new CodexHome();
  const path = home.indexed(1), [meta = "", ...rest] = Deno.readTextFileSync(path).split("\n");
  const { payload, ...line } = JSON.parse(meta);
  const source = { subagent: { thread_spawn: { parent_thread_id: threadId(2), depth: 1 } } };
  Deno.writeTextFileSync(path, [JSON.stringify({ ...line, payload: { ...payload, source } }), ...rest].join("\n"));
  await repair(home, "--apply");
  home.change((database) => database.exec("DELETE FROM thread_spawn_edges"));
  const json = JSON.parse((await repair(home, "--apply", "--json")).stdout);
  assertEquals([json.plan.update, json.written, json.after.equal], [1, 1, true]);
});

Deno.test("repair: where more than one database may be meant, one must be named", async () => {
  using home = wrongHome();
  const elsewhere = join(home.top, "elsewhere");
  Deno.mkdirSync(elsewhere);
  makeStateDatabase(join(elsewhere, "state_5.sqlite"));
  const env = { CODEX_SQLITE_HOME: elsewhere };
  const before = home.hashes();
  const refused = await runCli(["repair", "--codex-home", home.path, "--apply"], { env });
  assertEquals([refused.code, home.hashes()], [1, before]);
  assertStringIncludes(refused.stderr, `${home.state} (4 threads, by the Codex home)`);
  const named = await runCli(["repair", "--codex-home", home.path, "--state-db", home.state, "--apply"], { env });
  assertEquals([named.code, right(home)], [0, [1, 2, 3, 4]]);
});

Deno.test("repair --apply keeps the policy, the approval and the effort of a newer Codex, whose turns it cannot read", async () => {
  using home = new CodexHome();
  const newer = { approval_mode: "auto-review", sandbox_policy: '{"type":"enclave"}', reasoning_effort: "high" };
  const path = home.indexed(1, { ...newer, model: "m", cwd: "/elsewhere" });
  const turn = {
    cwd: "/srv/demo",
    approval_policy: "auto-review",
    sandbox_policy: { type: "enclave", level: 3 },
    model: "m",
    effort: { level: "high" },
    summary: "auto",
  };
  const line = { timestamp: "2026-01-27T12:34:58.000Z", type: "turn_context", payload: turn };
  Deno.writeTextFileSync(path, `${JSON.stringify(line)}\n`, { append: true });
  const { code, stdout } = await repair(home, "--apply", "--json");
  const { approval_mode, sandbox_policy, reasoning_effort, cwd } = home.row(1) ?? {};
  assertEquals([code, cwd], [0, "/srv/demo"], stdout);
  assertEquals({ approval_mode, sandbox_policy, reasoning_effort }, newer);
});

for (const how of ["sqlite_home", "a link"]) {
  Deno.test({
    name: `repair of a copy of a home leaves the rows of the home itself alone where they share a database by ${how}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      using home = new CodexHome();
      const path = home.indexed(1), copy = join(home.top, "copy"), shared = join(home.top, "shared.sqlite");
      Deno.renameSync(home.state, how === "a link" ? shared : join(home.top, "state_5.sqlite"));
      if (how === "a link") Deno.symlinkSync(shared, home.state);
      else home.write("config.toml", `sqlite_home = ${JSON.stringify(home.top)}\n`);
      await new Deno.Command("cp", { args: ["-a", home.path, copy] }).output();
      Deno.writeTextFileSync(path, rolloutText(threadId(1), "said after the copy was made"));
      const run = (...args: string[]) => runCli([...args, "--codex-home", copy]);
      const { code, stdout } = await run("verify");
      assertEquals(code, 3);
      assertMatch(stdout, /^stale +0 /m);
      assertMatch(stdout, /^elsewhere +1 .*; they stay$/m);
      assertStringIncludes(
        stdout,
        `${path}: the row of ${threadId(1)} names it, and it may be that of another home, with`,
      );
      const { written, elsewhere } = JSON.parse((await run("repair", "--apply", "--json")).stdout);
      assertEquals([written, elsewhere], [0, 1]);
      const explained = JSON.parse((await run("explain", threadId(1), "--json")).stdout);
      assertEquals([explained.files[0].role, explained.change], ["not taken", null]);
      assertStringIncludes(explained.stays, "may be that of another home");
      // One that moved leaves nothing behind, and then the rows lead to where it is.
      Deno.renameSync(home.path, join(home.top, "away"));
      assertEquals(JSON.parse((await run("repair", "--apply", "--json")).stdout).written, 1);
      Deno.renameSync(join(home.top, "away"), home.path);
    },
  });
}

Deno.test("repair of a home leaves the rows of one alone that is away, of whose files it has copies from before they went on", async () => {
  using home = new CodexHome();
  const shared = join(home.top, "state_5.sqlite"), other = join(home.top, "other");
  const path = home.indexed(1, { updated_at_ms: Date.parse("2026-02-01") }), theirs = path.replace(home.path, other);
  home.indexed(2);
  home.change((database) =>
    database.prepare("UPDATE threads SET rollout_path = ? WHERE id = ?").run(theirs, threadId(1))
  );
  Deno.renameSync(home.state, shared);
  const run = (...args: string[]) => runCli([...args, "--codex-home", home.path, "--state-db", shared]);
  const { written, elsewhere, samples } = JSON.parse((await run("repair", "--apply", "--json")).stdout);
  assertEquals([written, elsewhere], [0, 1]);
  assertStringIncludes(samples.elsewhere[0].reason, `as "${join(other, "sessions")}" is not there either`);
  assertMatch((await run("explain", threadId(1))).stdout, /left as it is by a repair: its file may be there again, as/);
  const advice = (await run("verify")).stdout.split("What to do now:")[1] ?? "";
  assertStringIncludes(
    advice,
    `or make it, empty, if it is gone for good; then look again:\n      ${join(other, "sessions")}\n`,
  );
  assertEquals(advice.includes("Codex goes on in the files"), false, "nobody goes on in a file that is not there");
  // As that says, an empty folder tells that they are gone for good.
  Deno.mkdirSync(join(other, "sessions"), { recursive: true });
  assertEquals(JSON.parse((await run("repair", "--apply", "--json")).stdout).written, 1);
});

Deno.test("repair leads the rows of a copied home into it though the home went on, and not those of which only the file of the home has all", async () => {
  using home = new CodexHome();
  const other = join(home.top, "other");
  for (const number of [1, 2]) {
    const theirs = home.indexed(number).replace(home.path, other);
    Deno.mkdirSync(dirname(theirs), { recursive: true });
    Deno.writeTextFileSync(theirs, rolloutText(threadId(number), "said after the copy was made"));
    home.change((database) =>
      database.prepare("UPDATE threads SET rollout_path = ?, updated_at_ms = updated_at_ms + ? WHERE id = ?")
        .run(theirs, number === 1 ? 0 : 60_000, threadId(number))
    );
  }
  const { written, samples } = JSON.parse((await repair(home, "--apply", "--json")).stdout);
  assertEquals([written, samples.elsewhere.length], [1, 1]);
  assertStringIncludes(samples.elsewhere[0].reason, "the row is newer than the copy here");
  const isHere = [1, 2].map((number) => String(home.row(number)?.rollout_path).startsWith(home.path));
  assertEquals(isHere, [true, false]);
});

Deno.test("repair leads a moved home to its new place after one that was interrupted, and with a session that was begun there", async () => {
  using home = new CodexHome();
  const shared = join(home.top, "state_5.sqlite"), moved = join(home.top, "moved");
  for (const number of [1, 2, 3]) home.indexed(number);
  home.change((database) =>
    database.prepare("UPDATE threads SET rollout_path = replace(rollout_path, ?, ?) WHERE id = ?")
      .run(home.path, moved, threadId(3))
  );
  Deno.renameSync(home.state, shared);
  Deno.renameSync(home.path, moved);
  const { written, elsewhere, after } = JSON.parse(
    (await runCli(["repair", "--apply", "--json", "--codex-home", moved, "--state-db", shared])).stdout,
  );
  assertEquals([written, elsewhere, after.equal], [2, 0, true]);
});

Deno.test("repair --apply leaves a row with a file outside of the home's rollouts in which Codex went on with the thread", async () => {
  using home = new CodexHome();
  for (const [number, folder] of [[1, join(home.top, "outside")], [2, join(home.path, "backup")]] as const) {
    const path = home.indexed(number), resumed = join(folder, basename(path));
    Deno.mkdirSync(folder);
    Deno.writeTextFileSync(resumed, rolloutText(threadId(number), "what was said last"));
    home.change((database) =>
      database.prepare("UPDATE threads SET rollout_path = ? WHERE id = ?").run(resumed, threadId(number))
    );
  }
  home.change((database) => database.exec("UPDATE backfill_state SET status = 'pending'"));
  const { written, elsewhere, unreadable } = JSON.parse((await repair(home, "--apply", "--json")).stdout);
  assertEquals([written, elsewhere, unreadable], [0, 2, 0]);
  assertEquals([home.row(1), home.row(2)].map((row) => dirname(String(row?.rollout_path))), [
    join(home.top, "outside"),
    join(home.path, "backup"),
  ]);
  assertEquals(readBackfill(home.state)?.status, "complete");
  const { stdout } = await runCli(["explain", threadId(1), "--codex-home", home.path]);
  assertMatch(stdout, /^ +left as it is by a repair: its file lies outside of this home$/m);
});

Deno.test("repair --compat 0.169.0: what Codex's own rule loses is lost, and said to be a difference before", async () => {
  using home = new CodexHome();
  home.indexed(1, { memory_mode: "disabled" });
  const json = JSON.parse((await repair(home, "--compat", "0.169.0", "--apply", "--json")).stdout);
  assertEquals(json.samples.differing, [
    { thread_id: threadId(1), columns: [{ column: "memory_mode", before: "disabled", after: "enabled" }] },
  ]);
  assertEquals(home.row(1)?.memory_mode, "enabled");
  const { code, stderr } = await repair(home, "--compat", "0.99.0");
  assertEquals(code, 2);
  assertStringIncludes(stderr, '--compat takes 0.169.0, not "0.99.0"');
});

Deno.test({
  name: "repair --apply stopped by SIGINT keeps what is written, and the next one goes on",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new CodexHome();
    for (let number = 0; number < 600; number++) home.restored(number);
    const args = ["repair", "--codex-home", home.path, "--apply", "--batch-size", "1", "--json"];
    const child = denoRun(MOD, args).spawn();
    const output = child.output();
    // The snapshot is made right before the first row is written.
    while (![...Deno.readDirSync(home.path)].some(({ name }) => name.endsWith(".snapshot"))) await pause();
    child.kill("SIGINT");
    const { code, stdout } = await output;
    const stopped = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals([code, stopped.status], [130, "interrupted"]);
    assert(stopped.written < 600);
    assertEquals(readBackfill(home.state)?.status, "complete");
    const next = JSON.parse((await repair(home, "--apply", "--json")).stdout);
    assertEquals([next.status, next.written], ["applied", 600 - stopped.written]);
  },
});

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

/** A home with five threads that are right, each with its rollout. */
function rightHome(): CodexHome {
  const home = new CodexHome();
  for (let number = 1; number <= 5; number++) home.indexed(number, { name: `name ${number}` });
  return home;
}

const NOT_GONE: Record<string, (home: CodexHome, sessions: string, one: string) => void> = {
  "the folder of rollouts is a link to a disk that is not mounted": (home, sessions) => {
    Deno.renameSync(sessions, join(home.top, "away"));
    Deno.symlinkSync(join(home.top, "nowhere"), sessions);
  },
  "a folder below is such a link": (home, sessions) => {
    Deno.renameSync(join(sessions, "2026"), join(home.top, "away"));
    Deno.symlinkSync(join(home.top, "nowhere"), join(sessions, "2026"));
    home.restored(6, "sessions/2025");
  },
  "there is no rollout at all": (home, sessions) => Deno.renameSync(sessions, join(home.top, "away")),
  "a rollout was moved and is damaged": (_, sessions, one) => {
    const moved = join(sessions, basename(one));
    Deno.renameSync(one, moved);
    Deno.writeTextFileSync(moved, "nothing\n");
  },
  "a rollout is gone, and something cannot be listed": (home, _, one) => {
    Deno.removeSync(one);
    home.write("archived_sessions", "no folder");
  },
  "a rollout became a link that leads nowhere": (home, _, one) => {
    Deno.removeSync(one);
    Deno.symlinkSync(join(home.top, "nowhere"), one);
  },
};

for (const [what, happens] of Object.entries(NOT_GONE)) {
  Deno.test({
    name: `repair --apply --prune removes nothing where ${what}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      using home = rightHome();
      const one = join(
        home.path,
        `sessions/2026/01/27/rollout-2026-01-27T12-34-56-${threadId(1)}.jsonl`,
      );
      happens(home, join(home.path, "sessions"), one);
      const plan = await repair(home, "--prune");
      assert(!plan.stdout.includes("remove "), plan.stdout);
      const { stdout } = await repair(home, "--apply", "--prune", "--json");
      assertEquals(JSON.parse(stdout).pruned, 0);
      for (let number = 1; number <= 5; number++) assertEquals(home.row(number)?.name, `name ${number}`);
    },
  });
}

Deno.test("repair --prune that may remove nothing says why, and ends with 3", async () => {
  using home = rightHome();
  Deno.removeSync(join(home.path, "sessions"), { recursive: true });
  const { code, stdout } = await repair(home, "--apply", "--prune");
  assertEquals(code, 3);
  assertStringIncludes(stdout, "keep 5 rows whose file seems gone: the home has no rollout at all");
  const { stdout: verified } = await runCli(["verify", "--codex-home", home.path]);
  assertMatch(verified, /^ {2}restore the 5 files that are gone$/m);
});

Deno.test("repair --prune removes a row that names the rollout of another thread", async () => {
  using home = rightHome();
  const path = home.indexed(6), other = String(home.row(1)?.rollout_path);
  Deno.removeSync(path);
  home.change((database) =>
    database.prepare("UPDATE threads SET rollout_path = ? WHERE id = ?").run(other, threadId(6))
  );
  const { stdout } = await runCli(["explain", threadId(6), "--codex-home", home.path, "--json"]);
  assertEquals(JSON.parse(stdout).shown, false);
  const json = JSON.parse((await repair(home, "--apply", "--prune", "--json")).stdout);
  assertEquals([json.stale, json.pruned, home.row(6)], [1, 1, undefined]);
});

for (const column of ["updated_at_ms", "recency_at_ms", "section_entered_at_ms", "archived_at"]) {
  Deno.test(`verify, repair and explain name a row whose ${column} Codex cannot hold`, async () => {
    using home = rightHome();
    home.change((database) =>
      database.exec(`UPDATE threads SET ${column} = 1769517300000000000 WHERE id = '${threadId(2)}'`)
    );
    for (const command of [["verify"], ["repair", "--apply"], ["explain", threadId(1)]]) {
      const { code, stderr } = await runCli([...command, "--codex-home", home.path]);
      assertEquals(code, 1);
      assertStringIncludes(stderr, `thread "${threadId(2)}" has 1769517300000000000 in its column ${column}`);
    }
  });
}

Deno.test("verify, repair and explain name a row with text that is not UTF-8, and no row with the character that replaces it", async () => {
  using home = rightHome();
  home.change((database) => database.exec(`UPDATE threads SET name = char(0xfffd), title = char(0xfffd)`));
  assertEquals((await runCli(["verify", "--codex-home", home.path])).code, 0);
  home.change((database) =>
    database.exec(`UPDATE threads SET name = CAST(x'93efbfbd' AS TEXT) WHERE id = '${threadId(2)}'`)
  );
  for (const command of [["verify"], ["repair", "--apply"], ["explain", threadId(2)]]) {
    const { code, stderr } = await runCli([...command, "--codex-home", home.path]);
    assertEquals(code, 1);
    assertStringIncludes(
      stderr,
      `thread "${threadId(2)}", with rowid 2, has text in its column name that is not UTF-8`,
    );
  }
});

Deno.test("repair --compat 0.169.0 comes to an end where a thread with several files got a time that was made unlike others", async () => {
  using home = new CodexHome();
  const before = home.restored(1), last = before.replace("12-34-56", "12-34-57"), other = home.restored(2);
  Deno.copyFileSync(before, last);
  Deno.utimeSync(before, 1_769_510_000, 1_769_510_000);
  for (const path of [last, other]) Deno.utimeSync(path, 1_769_517_300, 1_769_517_300);
  for (const written of [2, 0]) {
    const { code, stdout } = await repair(home, "--compat", "0.169.0", "--apply", "--json");
    assertEquals([code, JSON.parse(stdout).written, home.row(1)?.updated_at_ms], [0, written, 1_769_517_300_001]);
  }
});

Deno.test("verify --compat 0.169.0 finds times before 2020 as Codex makes them", async () => {
  using home = new CodexHome();
  const path = home.indexed(1, { updated_at: 1_420_070_400_000, updated_at_ms: 1_420_070_400_000_000 });
  Deno.utimeSync(path, 1_420_070_400, 1_420_070_400);
  const { stdout } = await runCli(["verify", "--compat", "0.169.0", "--codex-home", home.path, "--json"]);
  const { samples, equal } = JSON.parse(stdout);
  assertEquals([samples.differing, equal], [[], true]);
});

Deno.test("repair --compat 0.169.0 removes nothing where an unfinished backfill passed rollouts that were not looked at", async () => {
  using home = rightHome();
  const away = join(home.path, "sessions/2025");
  Deno.mkdirSync(away);
  const path = String(home.row(1)?.rollout_path);
  Deno.renameSync(path, join(away, basename(path)));
  home.change((database) =>
    database.exec("UPDATE backfill_state SET status = 'pending', last_watermark = 'sessions/2026/01/28'")
  );
  const json = JSON.parse((await repair(home, "--compat", "0.169.0", "--prune", "--apply", "--json")).stdout);
  assertEquals([json.pruned, home.row(1)?.name], [0, "name 1"]);
  assertStringIncludes(json.not_pruned_because, "unfinished backfill");
});

Deno.test("verify --compat 0.169.0 finds nothing to do where Codex's own backfill is complete, whatever came since", async () => {
  using home = rightHome();
  home.change((database) => database.exec("UPDATE backfill_state SET last_watermark = 'sessions/2026/01'"));
  const { code, stdout } = await runCli(["verify", "--compat", "0.169.0", "--codex-home", home.path, "--json"]);
  const { equal, completes } = JSON.parse(stdout);
  assertEquals([equal, completes, code], [true, false, 0]);
});

Deno.test("repair makes no row that Codex cannot read, and says of which rollout", async () => {
  using home = rightHome();
  const id = home.rollout(7), path = `sessions/2026/01/27/rollout-2026-01-27T12-34-56-${id}.jsonl`;
  const text = Deno.readTextFileSync(join(home.path, path));
  home.write(path, text.replace(/("payload":\{[^}]*"timestamp":")[^"]*/, "$10001-01-01T00:00:00Z"));
  const json = JSON.parse((await repair(home, "--apply", "--json")).stdout);
  assertEquals([home.row(7), json.samples.malformed[0].kind], [undefined, "far-time"]);
});

Deno.test("repair --prune keeps a row that Codex made by the name of a rollout that says another id", async () => {
  using home = rightHome();
  const path = String(home.row(1)?.rollout_path);
  Deno.writeTextFileSync(path, Deno.readTextFileSync(path).replaceAll(threadId(1), threadId(9)));
  const json = JSON.parse((await repair(home, "--apply", "--prune", "--json")).stdout);
  assertEquals([json.pruned, home.row(1)?.name], [0, "name 1"]);
});

Deno.test("repair --prune keeps rows below a folder that has no rollout left, as where a disk is not mounted", async () => {
  using home = new CodexHome();
  home.indexed(1, {}, "archived_sessions");
  for (const number of [2, 3]) Deno.removeSync(home.indexed(number));
  const { code, stdout } = await repair(home, "--apply", "--prune", "--json");
  assertEquals([code, JSON.parse(stdout).pruned, home.row(2)?.id, home.row(3)?.id], [0, 0, threadId(2), threadId(3)]);
});

Deno.test({
  name: "repair --prune keeps rows whose rollouts may lie behind a link",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = rightHome();
    const elsewhere = join(home.top, "elsewhere");
    Deno.mkdirSync(elsewhere);
    const path = home.indexed(6);
    Deno.renameSync(path, join(elsewhere, basename(path)));
    Deno.symlinkSync(elsewhere, join(home.path, "sessions", "moved"));
    const { stdout } = await repair(home, "--apply", "--prune", "--json");
    const { pruned, not_pruned_because } = JSON.parse(stdout);
    assertEquals([pruned, home.row(6)?.id], [0, threadId(6)]);
    assertStringIncludes(not_pruned_because, "a link is not followed");
  },
});

Deno.test("repair --prune keeps the row of a thread that a rollout is about, however its id is spelled", async () => {
  using home = new CodexHome();
  home.indexed(1);
  home.restored(2, "archived_sessions");
  Deno.removeSync(home.indexed(3));
  const path = join(home.path, "sessions", "gone.jsonl"), upper = threadId(2).toUpperCase();
  home.change((database) =>
    database.prepare("UPDATE threads SET id = ?, rollout_path = ? WHERE id = ?").run(upper, path, threadId(3))
  );
  const { stdout } = await repair(home, "--apply", "--prune", "--json");
  assertEquals(JSON.parse(stdout).pruned, 0);
});

Deno.test("repair --apply records a backfill as complete only if everything could be read", async () => {
  using home = new CodexHome();
  home.restored(1);
  home.change((database) => database.exec("UPDATE backfill_state SET status = 'pending'"));
  const path = home.restored(2);
  Deno.chmodSync(path, 0);
  const run = () => runCli(["repair", "--apply", "--codex-home", home.path], { heedModes: true });
  await run();
  assertEquals([home.row(1)?.id, readBackfill(home.state)?.status], [threadId(1), "pending"]);
  Deno.chmodSync(path, 0o600);
  await run();
  assertEquals(readBackfill(home.state)?.status, "complete");
});

Deno.test("repair --prune keeps rows that may be of another home", async () => {
  using home = rightHome();
  home.indexed(6, { rollout_path: `/another/home/sessions/rollout-${threadId(6)}.jsonl` });
  Deno.removeSync(home.indexed(7));
  Deno.removeSync(join(home.path, `sessions/2026/01/27/rollout-2026-01-27T12-34-56-${threadId(6)}.jsonl`));
  const plan = await repair(home);
  assertStringIncludes(plan.stdout, "keep 1 row whose file is gone; --prune removes it\n");
  assertStringIncludes(plan.stdout, "keep 1 row whose file is gone: it lies outside of this home, or where no rollout");
  const { stdout } = await repair(home, "--apply", "--prune", "--json");
  assertEquals([JSON.parse(stdout).pruned, home.row(6)?.id, home.row(7)], [1, threadId(6), undefined]);
});

Deno.test({
  name: "verify: a home that Codex reaches by a link is the same home, and its database no rival of its own",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new CodexHome();
    const link = join(home.top, "link");
    Deno.symlinkSync(home.path, link);
    for (const number of [1, 2]) {
      const path = home.indexed(number);
      home.change((database) =>
        database.prepare("UPDATE threads SET rollout_path = ? WHERE id = ?")
          .run(path.replace(home.path, link), threadId(number))
      );
    }
    const env = { CODEX_SQLITE_HOME: link };
    const verified = await runCli(["verify", "--codex-home", link, "--json"], { env });
    assertEquals([verified.code, JSON.parse(verified.stdout).stale], [0, 0]);
    home.restored(3);
    const { code, stderr } = await runCli(["repair", "--codex-home", link, "--apply"], { env });
    assertEquals([code, stderr], [0, ""]);
    assertEquals(
      home.row(1)?.rollout_path,
      `${link}/sessions/2026/01/27/rollout-2026-01-27T12-34-56-${threadId(1)}.jsonl`,
    );
  },
});

Deno.test({
  name: "verify names the permission by which it could see whether a file elsewhere is gone, and asks for none",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new CodexHome();
    const folder = dirname(home.indexed(1)), moved = join(home.top, "moved"), temporary = join(home.top, "temporary");
    const database = join(home.top, "databases");
    for (const made of [temporary, database]) Deno.mkdirSync(made);
    Deno.renameSync(home.state, join(database, "state_5.sqlite"));
    Deno.renameSync(home.path, moved);
    try {
      const args = ["verify", "--codex-home", moved, "--state-db", join(database, "state_5.sqlite")];
      const log = join(home.top, "audit.jsonl");
      const options = { env: { TMPDIR: temporary, DENO_AUDIT_PERMISSIONS: log } };
      const narrow = [`--allow-read=${moved},${database},${temporary}`, `--allow-write=${temporary}`, "--allow-env"];
      const unknown = await runCli([...args, "--default-provider", "openai"], { ...options, permissions: narrow });
      assertEquals(unknown.code, 3, unknown.stderr);
      assertStringIncludes(unknown.stdout, `may not be looked at: allow that with --allow-read=${folder}\n`);
      // What is asked for that is not allowed is a question on a terminal.
      assertEquals(Deno.readTextFileSync(log).includes(folder), false);
      const allowed = [...narrow.slice(1), `--allow-read=${moved},${database},${temporary},${home.path}`];
      const { stdout } = await runCli([...args, "--default-provider", "openai"], { ...options, permissions: allowed });
      assertMatch(stdout, /^stale +1 /m);
    } finally {
      Deno.renameSync(moved, home.path);
    }
  },
});
