/**
 * `backfill verify`: what it finds, that it says so, and that it writes nothing.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { systemConfigFolder } from "../../plugins/codex_repair/codex_config.ts";
import { userHomeVariable } from "../../src/cli/paths.ts";
import { type ChildResult, denoRun, MOD, runCli } from "../child.ts";
import { CodexHome } from "../codex_state/codex_home.ts";
import { makeStateDatabase } from "../codex_state/state_database.ts";
import { rolloutText, TemporaryHome, threadId } from "../home.ts";
import { makePipe } from "../pipe.ts";

/** The counts of a report that are not 0. */
function found(json: Record<string, unknown>): Record<string, unknown> {
  const kinds = [
    "missing",
    "stale",
    "archived",
    "differing",
    "duplicate",
    "malformed",
    "malformed_lines",
    "unreadable",
  ];
  return Object.fromEntries(kinds.map((kind) => [kind, json[kind]]).filter(([, amount]) => amount !== 0));
}

/** Verifies a home, which must not change by it. */
async function verify(home: CodexHome, ...flags: string[]): Promise<ChildResult> {
  const before = home.hashes();
  const result = await runCli(["verify", "--codex-home", home.path, ...flags]);
  assertEquals(home.hashes(), before);
  return result;
}

Deno.test("verify: a database that says what the rollouts say is equal", async () => {
  using home = new CodexHome();
  home.indexed(1);
  home.indexed(2, {}, "archived_sessions");
  const { code, stdout, stderr } = await verify(home, "--json");
  assertEquals([code, stderr], [0, ""]);
  const json = JSON.parse(stdout);
  assertEquals([json.equal, json.rollouts, json.rows, json.state_db, found(json)], [true, 2, 2, home.state, {}]);
  const text = await verify(home);
  assertEquals(text.code, 0);
  assertStringIncludes(text.stdout, "There is nothing to do.");
});

Deno.test("verify: what the user set, and what git and Codex know better, is no difference", async () => {
  using home = new CodexHome();
  home.indexed(1, {
    title: "mine",
    first_user_message: "message 1",
    preview: "message 1",
    name: "My name",
    is_pinned: 1,
  });
  home.indexed(2, { git_branch: "topic", git_sha: "abc", updated_at: 1_800_000_000, updated_at_ms: 1_800_000_000_000 });
  home.indexed(3, { recency_at: 5, recency_at_ms: 5000, has_user_event: 1, memory_mode: "disabled" });
  const { code, stdout } = await verify(home, "--json");
  const json = JSON.parse(stdout);
  assertEquals([code, found(json)], [0, {}]);
  assertEquals(json.samples.kept.at(-1), {
    thread_id: threadId(3),
    columns: [{ column: "memory_mode", kept: "disabled", codex_writes: "enabled" }],
  });
});

Deno.test("verify: each kind of difference is counted and sampled", async () => {
  using home = new CodexHome();
  const missing = home.restored(1);
  const moved = home.indexed(2, { rollout_path: "/old/home/rollout.jsonl" });
  Deno.removeSync(home.indexed(3));
  const archived = home.indexed(4, { archived: 1, archived_at: 5 });
  home.indexed(5, { cwd: "/elsewhere", tokens_used: 7 });
  const copy = home.indexed(6, {}, "sessions/2026/01/28");
  const other = home.restored(6);
  const empty = home.write("sessions/rollout-empty.jsonl", "");
  home.write(`sessions/rollout-2026-01-27T12-34-56-${threadId(7)}.jsonl`, "torn\n");
  const { code, stdout, stderr } = await verify(home, "--json");
  const json = JSON.parse(stdout);
  assertEquals([code, stderr, json.equal], [3, "", false]);
  assertEquals(found(json), { missing: 1, stale: 2, archived: 1, differing: 1, duplicate: 1, malformed: 2 });
  assertEquals(json.samples.missing, [{ thread_id: threadId(1), path: missing }]);
  assertEquals(json.samples.stale, [
    { thread_id: threadId(2), path: moved, row_path: "/old/home/rollout.jsonl" },
    {
      thread_id: threadId(3),
      path: null,
      row_path: join(home.path, `sessions/2026/01/27/rollout-2026-01-27T12-34-56-${threadId(3)}.jsonl`),
    },
  ]);
  assertEquals(json.samples.archived, [{ thread_id: threadId(4), path: archived, row: 1 }]);
  assertEquals(json.samples.differing, [
    { thread_id: threadId(5), columns: [{ column: "cwd", before: "/elsewhere", after: "/srv/demo" }] },
  ]);
  assertEquals(json.samples.duplicate, [{ thread_id: threadId(6), chosen: copy, others: [other] }]);
  assertEquals(json.samples.malformed.map(({ path, kind }: Record<string, unknown>) => [path, kind]), [
    [join(home.path, `sessions/rollout-2026-01-27T12-34-56-${threadId(7)}.jsonl`), "empty"],
    [empty, "empty"],
  ]);
  const text = await verify(home);
  assertEquals(text.code, 3);
  for (const line of [/^missing +1 /m, /^stale +2 /m, /^archived +1 /m, /^differing +1 /m, /^malformed +2 /m]) {
    assert(line.test(text.stdout), `${line} in ${text.stdout}`);
  }
  assertStringIncludes(text.stdout, `${threadId(5)} cwd: "/elsewhere" → "/srv/demo"`);
  assertStringIncludes(text.stdout, `backfill repair --codex-home ${home.path}\n`);
});

Deno.test("verify: malformed lines in a rollout that gives a row are counted and no difference", async () => {
  using home = new CodexHome();
  const path = home.indexed(1, { updated_at: 1_900_000_000, updated_at_ms: 1_900_000_000_000 });
  Deno.writeTextFileSync(path, `${rolloutText(threadId(1), "message 1")}torn\n{"half\n`);
  const { code, stdout } = await verify(home, "--json");
  assertEquals([code, found(JSON.parse(stdout))], [0, { malformed_lines: 2 }]);
});

Deno.test({
  name: "verify: files and folders that cannot be read are told",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new CodexHome();
    const path = home.indexed(1);
    home.restored(2, "sessions/2026/02/01");
    const folder = join(home.path, "sessions/2026/02/01");
    Deno.chmodSync(path, 0);
    Deno.chmodSync(folder, 0);
    const { code, stdout } = await runCli(["verify", "--codex-home", home.path, "--json"], { heedModes: true });
    Deno.chmodSync(path, 0o600);
    Deno.chmodSync(folder, 0o700);
    const json = JSON.parse(stdout);
    assertEquals([code, found(json)], [3, { unreadable: 2 }]);
    assertEquals(json.samples.unreadable.map(({ path }: Record<string, unknown>) => path), [folder, path]);
  },
});

Deno.test("verify: what a Codex that is killed leaves in its log counts, and stays there", async () => {
  using home = new CodexHome();
  const copy = join(home.top, "copy");
  Deno.mkdirSync(copy);
  home.change((database) => {
    database.exec("PRAGMA wal_autocheckpoint = 0");
    home.restored(1);
    database.prepare(
      `INSERT INTO threads (id, rollout_path, created_at, updated_at, source, model_provider, cwd, title, sandbox_policy,
         approval_mode, preview) VALUES (?, '/gone', 1, 2, 'cli', 'openai', '/srv/demo', '', '', '', '')`,
    ).run(threadId(1));
    for (const end of ["", "-wal", "-shm"]) {
      Deno.copyFileSync(`${home.state}${end}`, join(copy, `state_5.sqlite${end}`));
    }
  });
  for (const end of ["", "-wal", "-shm"]) Deno.copyFileSync(join(copy, `state_5.sqlite${end}`), `${home.state}${end}`);
  const { stdout } = await verify(home, "--json");
  assertEquals([JSON.parse(stdout).rows, JSON.parse(stdout).stale], [1, 1]);
});

Deno.test("verify: what is hostile in rollouts and rows is shown as plain text", async () => {
  using home = new CodexHome();
  home.indexed(1, { cwd: "/\u001b[31m\u202ered\u009b" });
  home.write("sessions/rollout-\u001b]0;title\u0007.jsonl", "");
  for (const flags of [[], ["--json"]]) {
    const { stdout } = await verify(home, ...flags);
    // deno-lint-ignore no-control-regex -- control characters are what it is about
    assert(!/[\u0007\u001b\u009b\u202e]/.test(stdout), stdout);
    assertStringIncludes(stdout, "\\u001b");
  }
});

Deno.test("verify: several databases are listed, and Codex's own choice is taken", async () => {
  using home = new CodexHome();
  home.indexed(1);
  const elsewhere = join(home.top, "elsewhere");
  Deno.mkdirSync(elsewhere);
  home.write("config.toml", `sqlite_home = ${JSON.stringify(elsewhere)}\n`);
  makeStateDatabase(join(elsewhere, "state_5.sqlite"));
  const { code, stdout } = await verify(home, "--json");
  const json = JSON.parse(stdout);
  assertEquals([code, json.state_db, json.missing], [3, join(elsewhere, "state_5.sqlite"), 1]);
  assertEquals(json.candidates.map((one: Record<string, unknown>) => [one.path, one.threads, one.used]), [
    [join(elsewhere, "state_5.sqlite"), 0, true],
    [home.state, 1, false],
  ]);
  const text = await verify(home);
  assertStringIncludes(text.stdout, `${home.state} (1 thread, by the Codex home)`);
  const named = await verify(home, "--state-db", home.state, "--json");
  assertEquals([named.code, JSON.parse(named.stdout).state_db], [0, home.state]);
});

Deno.test("verify: the model provider of rollouts that name none is the one that the row has, or to Codex the configured one", async () => {
  using home = new CodexHome();
  const text = rolloutText(threadId(1), "message 1").replace(',"model_provider":"openai"', "");
  const path = home.indexed(1, { model_provider: "azure" }), { mtime } = Deno.statSync(path);
  Deno.writeTextFileSync(path, text);
  Deno.utimeSync(path, mtime ?? 0, mtime ?? 0);
  const kept = await verify(home, "--json");
  assertEquals(kept.code, 0);
  assertEquals(JSON.parse(kept.stdout).samples.kept[0].columns, [
    { column: "model_provider", kept: "azure", codex_writes: "openai" },
  ]);
  const like = ["--compat", "0.169.0"];
  assertEquals((await verify(home, ...like)).code, 3);
  home.write("config.toml", 'model_provider = "azure"\n');
  assertEquals((await verify(home, ...like)).code, 0);
  assertEquals((await verify(home, ...like, "--default-provider", "other")).code, 3);
});

Deno.test("verify: a home without a database, and one that is no home, are told as such", async () => {
  using home = new TemporaryHome();
  home.rollout(1);
  const none = await runCli(["verify", "--codex-home", home.path]);
  assertEquals([none.code, none.stdout], [1, ""]);
  assertStringIncludes(none.stderr, "start Codex once");
  const nowhere = await runCli(["verify", "--codex-home", join(home.top, "nowhere")]);
  assertEquals(nowhere.code, 1);
  assertStringIncludes(nowhere.stderr, "There is no Codex home at");
});

Deno.test("verify and repair: a database of an unknown version is refused with the reason", async () => {
  using home = new CodexHome();
  home.restored(1);
  home.change((database) =>
    database.exec("INSERT INTO _sqlx_migrations VALUES (9999, 'from the future', '2030-01-01', 1, x'00', 1)")
  );
  const before = home.hashes();
  for (const args of [["verify"], ["repair", "--apply"], ["explain", threadId(1)]]) {
    const { code, stdout, stderr } = await runCli([...args, "--codex-home", home.path]);
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, "it is of a newer Codex than 0.169.0");
    assertEquals(home.hashes(), before);
  }
});

Deno.test({
  name: "verify: a pipe in the place of config.toml is no configuration, and not waited for",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new CodexHome();
    home.indexed(1);
    const config = join(home.path, "config.toml");
    await makePipe(config);
    const { code, stdout } = await runCli(["verify", "--codex-home", home.path]);
    assertEquals(code, 0);
    assertStringIncludes(stdout, `${config} cannot be read: it is no file`);
  },
});

Deno.test({
  name: "verify: a terminal that is closed ends it, and no copy of the database is left",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new CodexHome();
    for (let number = 0; number < 20; number++) home.indexed(number);
    const scratch = Deno.makeTempDirSync();
    const child = denoRun(MOD, ["verify", "--codex-home", home.path], { env: { TMPDIR: scratch } }).spawn();
    const copies = () => Array.from(Deno.readDirSync(scratch)).length;
    while (copies() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill("SIGHUP");
    const { code } = await child.output();
    assertEquals([code, copies()], [129, 0]);
    Deno.removeSync(scratch, { recursive: true });
  },
});

Deno.test({
  name: "verify, repair and explain that are interrupted say so, and nothing of what they did not read",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new CodexHome();
    for (let number = 0; number < 300; number++) home.restored(number);
    // Stops itself once it lists, and takes its time to read, so that the signal arrives on any machine.
    const first = join(home.top, "first.ts");
    Deno.writeTextFileSync(
      first,
      `const { lstatSync, openSync } = Deno, nothing = new Int32Array(new SharedArrayBuffer(4));
       Deno.openSync = (path, options) => {
         if (String(path).endsWith(".jsonl")) Atomics.wait(nothing, 0, 0, 5);
         return openSync(path, options);
       };
       Deno.lstatSync = (path) => {
         Deno.lstatSync = lstatSync;
         Deno.kill(Deno.pid, "SIGINT");
         return lstatSync(path);
       };`,
    );
    const run = (...args: string[]) =>
      runCli([...args, "--workers", "1", "--codex-home", home.path], { permissions: ["-A", `--preload=${first}`] });
    // Of a thread that no name tells of every rollout is read.
    for (const args of [["verify"], ["repair", "--apply"], ["explain", threadId(999)]]) {
      const { code, stdout } = await run(...args);
      assertEquals(code, 130);
      assertMatch(stdout, /^(database .*\n\n)?interrupted before [^\n]*\n$/);
      const json = JSON.parse((await run(...args, "--json")).stdout);
      assertEquals([json.status, json.equal ?? null, json.shown ?? null, json.missing], [
        "interrupted",
        null,
        null,
        undefined,
      ]);
    }
    assertEquals(home.row(1), undefined);
  },
});

Deno.test("verify: the mark of a killed Codex is something to do", async () => {
  using home = new CodexHome();
  home.indexed(1);
  home.change((database) => database.exec("UPDATE backfill_state SET status = 'running', updated_at = 1"));
  const { code, stdout } = await verify(home);
  assertEquals(code, 3);
  assertStringIncludes(stdout, "shows how it would record Codex's own backfill as complete; with --apply, it does it");
  const json = JSON.parse((await verify(home, "--json")).stdout);
  assertEquals([json.equal, json.backfill.lease], [true, "orphaned"]);
});

Deno.test("verify: of a row with several differences each is told once", async () => {
  using home = new CodexHome();
  home.indexed(1, { archived: 1, archived_at: 5, rollout_path: "/old/rollout.jsonl", cwd: "/elsewhere" });
  const json = JSON.parse((await runCli(["verify", "--codex-home", home.path, "--json"])).stdout);
  assertEquals([json.stale, json.archived, json.differing], [1, 1, 1]);
  assertEquals(
    json.samples.differing.map(({ columns }: { columns: { column: string }[] }) => columns.map(({ column }) => column)),
    [
      ["cwd"],
    ],
  );
});

Deno.test("verify: a torn line in the list of names is told of, and nothing that can be put right", async () => {
  using home = new CodexHome();
  home.indexed(1);
  home.write("session_index.jsonl", "torn\n");
  const { code, stdout } = await runCli(["verify", "--codex-home", home.path]);
  assertEquals(code, 0);
  assertMatch(stdout, /^notes +1 .*\n +session_index\.jsonl: 1 of its lines is not the name of a thread$/m);
  const { notes, samples, equal } = JSON.parse((await runCli(["verify", "--codex-home", home.path, "--json"])).stdout);
  assertEquals([notes, samples.notes.length, samples.unreadable, equal], [1, 1, [], true]);
});

Deno.test("verify: while Codex is at its own backfill, what to do is to wait", async () => {
  using home = new CodexHome();
  home.restored(1);
  const now = Math.floor(Date.now() / 1000);
  home.change((database) => database.exec(`UPDATE backfill_state SET status = 'running', updated_at = ${now}`));
  const { stdout } = await runCli(["verify", "--codex-home", home.path]);
  assertStringIncludes(stdout, "wait until Codex's own backfill is done");
  assertEquals(stdout.includes("backfill repair"), false);
  const explained = await runCli(["explain", threadId(1), "--codex-home", home.path]);
  assertStringIncludes(explained.stdout, "do now   wait until Codex's own backfill is done");
  assertEquals((await runCli(["repair", "--codex-home", home.path])).code, 1);
});

Deno.test("verify: what to do is a command for this home and this database, whatever their names", async () => {
  using home = new CodexHome();
  home.restored(1);
  const gone = home.indexed(2);
  Deno.removeSync(gone);
  const odd = join(home.top, "it's my home"), state = join(home.top, "a $state.sqlite");
  home.change((database) => database.prepare("UPDATE threads SET rollout_path = ?").run(gone.replace(home.path, odd)));
  Deno.renameSync(home.path, odd);
  Deno.renameSync(join(odd, "state_5.sqlite"), state);
  const { stdout } = await runCli(["verify", "--codex-home", odd, "--state-db", state]);
  const where = `--codex-home '${odd.replace("'", `'\\''`)}' --state-db '${state}'\n`;
  assertStringIncludes(stdout, `  backfill repair ${where}`);
  assertStringIncludes(stdout, `  backfill repair --prune ${where}`);
  Deno.renameSync(odd, home.path);
});

Deno.test({
  name: "verify: what to do is a command for a shell also where a name has characters in it that nobody can see",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new CodexHome();
    home.restored(1);
    const odd = join(home.top, "it's \u001b[31m \\ \u202e\u00ad home\u{e0041}0");
    Deno.renameSync(home.path, odd);
    const { stdout } = await runCli(["verify", "--codex-home", odd]);
    const [, word = ""] = /^ {2}backfill repair --codex-home (.*)$/m.exec(stdout) ?? [];
    const said = await new Deno.Command("bash", { args: ["-c", `printf %s ${word}`], env: { LC_ALL: "C.UTF-8" } })
      .output();
    assertEquals(new TextDecoder().decode(said.stdout), odd);
    Deno.renameSync(odd, home.path);
  },
});

Deno.test("verify: a provider that begins with a dash is one also in what to do", async () => {
  using home = new CodexHome();
  home.restored(1);
  const { stdout } = await verify(home, "--default-provider=-x");
  assertMatch(stdout, /^ {2}backfill repair --codex-home \S+ --default-provider=-x$/m);
});

Deno.test("verify and repair refuse to guess the database where the variable that names it may not be read", async () => {
  using home = new CodexHome();
  home.restored(1);
  const temporary = dirname(home.top);
  const permissions = [`--allow-read=${home.path},${temporary}`, `--allow-write=${home.path},${temporary}`];
  for (const command of [["verify"], ["repair", "--apply"]]) {
    const { code, stderr } = await runCli([...command, "--codex-home", home.path], { permissions });
    assertEquals(code, 2);
    assertStringIncludes(
      stderr,
      `allow it with --allow-env=CODEX_SQLITE_HOME,${userHomeVariable()}, or name the database with --state-db`,
    );
  }
  const named = await runCli(["verify", "--codex-home", home.path, "--state-db", home.state], { permissions });
  assertEquals([named.code, named.stderr], [3, ""]);
});

Deno.test("no command takes another home because CODEX_HOME may not be read", async () => {
  using home = new CodexHome();
  const permissions = ["--allow-read", "--allow-write", "--allow-env=CODEX_SQLITE_HOME,HOME,XDG_DATA_HOME"];
  for (const command of ["run", "verify", "repair"]) {
    const { code, stderr } = await runCli([command], { permissions, env: { CODEX_HOME: home.path } });
    assertEquals(code, 2);
    assertStringIncludes(
      stderr,
      "CODEX_HOME may not be read: allow it with --allow-env=CODEX_HOME, or name --codex-home",
    );
  }
});

Deno.test("verify reads Codex's configuration with the permissions that README.md names, or says which, and needs none where all is named", async () => {
  using home = new CodexHome();
  home.indexed(1);
  home.write("config.toml", 'model = "x"\n');
  // A folder of its own: this checkout may lie in the usual one.
  const temporary = join(home.top, "temporary"), parser = join(dirname(MOD), "plugins", "codex_repair", "toml.ts");
  Deno.mkdirSync(temporary);
  const log = join(home.top, "audit.jsonl");
  const env = { TMPDIR: temporary, TMP: temporary, TEMP: temporary, DENO_AUDIT_PERMISSIONS: log };
  const permissions = [
    `--allow-read=${home.path},${temporary}`,
    `--allow-write=${temporary}`,
    "--allow-env=CODEX_SQLITE_HOME,HOME",
  ];
  const least = ["verify", "--codex-home", home.path];
  const denied = await runCli(least, { permissions, env });
  assertEquals(denied.code, 1);
  assertStringIncludes(denied.stderr, `Allow it with --allow-read=${parser}.`);
  assertEquals(denied.stderr.includes("npm registry"), false);
  // What is asked for that is not allowed is a question on a terminal.
  assertEquals(Deno.readTextFileSync(log).includes("toml.ts"), false);
  const named = [...least, "--state-db", home.state, "--default-provider", "openai"];
  assertEquals((await runCli(named, { permissions, env })).code, 0);
  const read = `--allow-read=${home.path},${temporary},${parser}`, system = systemConfigFolder(() => undefined);
  const unknown = await runCli(least, { permissions: [read, ...permissions.slice(1)], env });
  assertEquals([unknown.code, unknown.stderr], [0, ""]);
  assertStringIncludes(unknown.stdout, `allow reading them with --allow-read=${system}`);
  assertEquals(Deno.readTextFileSync(log).includes(system), false);
  const known = await runCli(least, { permissions: [`${read},${system}`, ...permissions.slice(1)], env });
  assertEquals([known.code, known.stdout.includes("--allow-read"), known.stderr], [0, false, ""]);
});

Deno.test("verify names the permission for the folder where Codex's database is, and asks for none", async () => {
  using home = new CodexHome();
  home.indexed(1);
  const elsewhere = join(home.top, "elsewhere"), temporary = join(home.top, "temporary");
  for (const made of [elsewhere, temporary]) Deno.mkdirSync(made);
  const log = join(home.top, "audit.jsonl");
  const env = {
    CODEX_SQLITE_HOME: elsewhere,
    TMPDIR: temporary,
    TMP: temporary,
    TEMP: temporary,
    DENO_AUDIT_PERMISSIONS: log,
  };
  const permissions = [
    `--allow-read=${home.path},${temporary}`,
    `--allow-write=${temporary}`,
    "--allow-env=CODEX_SQLITE_HOME,HOME",
  ];
  const { code, stderr } = await runCli(["verify", "--codex-home", home.path], { permissions, env });
  assertEquals(code, 1);
  assertStringIncludes(stderr, `allow reading it with --allow-read=${elsewhere}`);
  assertEquals(Deno.readTextFileSync(log).includes(elsewhere), false);
});

Deno.test("verify says that config.toml cannot be used also where the database is named, or nowhere", async () => {
  using home = new CodexHome();
  home.indexed(1);
  home.write("config.toml", "sqlite_home = [");
  const named = await runCli(["verify", "--codex-home", home.path, "--state-db", home.state]);
  assertEquals(named.code, 0);
  assertStringIncludes(named.stdout, "config.toml is not valid TOML");
  Deno.renameSync(home.state, join(home.top, "elsewhere.sqlite"));
  const nowhere = await runCli(["verify", "--codex-home", home.path]);
  assertEquals(nowhere.code, 1);
  assertStringIncludes(nowhere.stderr, "config.toml is not valid TOML");
});

Deno.test("verify of a folder says that it is one", async () => {
  using home = new CodexHome();
  const { code, stderr } = await runCli(["verify", "--codex-home", home.path, "--state-db", home.path]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "it is a folder. Name a file in it");
});

Deno.test({
  name: "verify names five of the links that it does not follow, and says how many more there are",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new CodexHome();
    const path = home.indexed(1);
    for (let n = 0; n < 8; n++) Deno.symlinkSync(path, `${dirname(path)}/rollout-link-${n}.jsonl`);
    const { stderr } = await verify(home);
    assertEquals(stderr.match(/^passed over /gm)?.length, 5);
    assertStringIncludes(stderr, "… and 3 more were passed over");
  },
});

Deno.test("verify that finds no folder for temporary files says so, and not that it is the database", async () => {
  using home = new CodexHome();
  const nowhere = join(home.top, "nowhere");
  const { code, stderr } = await runCli(["verify", "--codex-home", home.path], {
    env: { TMPDIR: nowhere, TMP: nowhere, TEMP: nowhere },
  });
  assertEquals(code, 1);
  assertStringIncludes(stderr, "in the folder for temporary files: ");
  assertStringIncludes(stderr, " to a folder that is there");
});

Deno.test({
  name: "verify takes an empty variable for temporary files as none, and leaves the current folder alone",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new CodexHome();
    home.indexed(1);
    const cwd = join(home.top, "here"), env = { TMPDIR: "" };
    Deno.mkdirSync(cwd);
    Deno.chmodSync(cwd, 0o500);
    for (const permissions of [["-A"], ["--allow-read", "--allow-write", "--allow-env"]]) {
      const { code, stderr } = await runCli(["verify", "--codex-home", home.path], {
        permissions,
        env,
        cwd,
        heedModes: true,
      });
      assertEquals([code, stderr], [0, ""]);
    }
  },
});
