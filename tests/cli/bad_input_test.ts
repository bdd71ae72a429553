import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { backfillCodex } from "../../mod.ts";
import { tooOld } from "../../src/cli/deno_version.ts";
import { runCli } from "../child.ts";
import { SAMPLE_HOME, TemporaryHome } from "../home.ts";

/** What is printed must be one clear line; never a stack trace. */
function assertOneLine(stderr: string, text: string): void {
  assertStringIncludes(stderr, text);
  assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
}

for (
  const [args, text] of [
    [["--codex-hoem", "x"], "--codex-hoem"],
    [["frobnicate"], 'there is no command "frobnicate"'],
    [["run", "now"], '"run" takes no further argument, but "now" was given'],
    [["run", "--db"], "--db needs a value"],
    [["run", "--db", ":memory:"], "--db :memory: keeps nothing: name a file"],
    [["status", "--db", ":memory:"], "--db :memory: keeps nothing: name a file"],
    [["failures", "--db", ":memory:"], "--db :memory: keeps nothing: name a file"],
    [["run", "--db", ""], "--db needs a value"],
    [["run", "--db", "-x"], "--db needs a value; one that begins with a dash is written --db=-…"],
    [["run", "--batch-size", "0"], '--batch-size takes a whole number from 1, not "0"'],
    [["run", "--batch-size", "many"], '--batch-size takes a whole number from 1, not "many"'],
    [["run", "--compat", "1.0"], "--compat takes 0.99.0"],
    [["run", "--metrics", "prometheus"], 'there are no metrics named "prometheus"'],
    [["run", "--metrics", "constructor"], 'there are no metrics named "constructor"'],
    [["run", "--metrics", "node:fs"], 'the metrics module "node:fs" has no sink as its default export'],
    [["run", "--metrics", "blob:x"], 'cannot load the metrics module "blob:x"'],
    [["run", "--metrics", "C:x"], 'there are no metrics named "C:x"'],
    [["run", "--metrics", "./no_such_sink.ts"], 'cannot load the metrics module "./no_such_sink.ts"'],
    [["status", "--codex-home", "x"], '"status" does not take --codex-home'],
    [["run", "--quiet=yes"], "--quiet"],
  ] as const
) {
  Deno.test(`backfill ${args.join(" ")} is wrong usage`, async () => {
    using home = new TemporaryHome();
    const db = (args as readonly string[]).includes("--db") || args[0] === "status" ? [] : ["--db", home.db];
    const { code, stdout, stderr } = await runCli([...args, ...db], { cwd: home.top });
    assertEquals([code, stdout], [2, ""]);
    assertOneLine(stderr, text);
    assertEquals([...Deno.readDirSync(home.top)].map(({ name }) => name), ["home"]);
  });
}

Deno.test("backfill --help heeds no other flag, and of a flag that is given twice the last one counts", async () => {
  const { code, stdout } = await runCli(["--help", "--workers", "abc"]);
  assertEquals(code, 0);
  assertStringIncludes(stdout, "Usage: backfill");
  using home = new TemporaryHome();
  home.rollout(1);
  const twice = [
    "--codex-home",
    home.path,
    "--db",
    join(home.top, "no", "folder"),
    "--db",
    home.db,
    "--quiet",
    "--quiet",
  ];
  assertEquals((await runCli(twice)).code, 0);
});

Deno.test("versions of Deno that are too old are told apart", () => {
  const old = ["1.46.3", "2.0.0", "2.5.9", "2.7.14", "2.8.1"],
    new_ = ["2.8.2", "2.8.3", "2.9.0", "2.10.1", "3.0.0", "2.9.6-rc.1"];
  assertEquals([...old, ...new_].filter((version) => tooOld(version) !== undefined), old);
  assertEquals(tooOld(Deno.version.deno), undefined);
});

Deno.test("backfill of a home that is not there writes nothing", async () => {
  using home = new TemporaryHome();
  const { code, stderr } = await runCli(["--codex-home", join(home.top, "nowhere"), "--db", home.db]);
  assertEquals(code, 1);
  assertOneLine(stderr, `There is no Codex home at "${join(home.top, "nowhere")}"`);
  assertEquals([...Deno.readDirSync(home.top)].map(({ name }) => name), ["home"]);
});

Deno.test("backfill of a home that is a file writes nothing", async () => {
  using home = new TemporaryHome();
  const file = home.write("config.toml", "");
  const { code, stderr } = await runCli(["--codex-home", file, "--db", home.db]);
  assertEquals(code, 1);
  assertOneLine(stderr, "is a file, not a Codex home");
  assertEquals([...Deno.readDirSync(home.top)].map(({ name }) => name), ["home"]);
});

Deno.test({
  name: "backfill of a home that may not be read writes nothing",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new TemporaryHome();
    Deno.chmodSync(home.path, 0o000);
    const { code, stderr } = await runCli(["--codex-home", home.path, "--db", home.db], { heedModes: true });
    assertEquals(code, 1);
    assertOneLine(stderr, "Cannot read the Codex home");
    Deno.chmodSync(home.path, 0o700);
    assertEquals([...Deno.readDirSync(home.top)].map(({ name }) => name), ["home"]);
  },
});

for (const command of ["run", "status", "failures"]) {
  Deno.test(`backfill ${command} leaves a file alone that is no database`, async () => {
    using home = new TemporaryHome();
    Deno.writeTextFileSync(home.db, "these are my notes, not a database. ".repeat(40));
    const before = Deno.readTextFileSync(home.db);
    const args = command === "run" ? ["--codex-home", SAMPLE_HOME] : [];
    const { code, stdout, stderr } = await runCli([command, "--db", home.db, ...args]);
    assertEquals([code, stdout], [1, ""]);
    assertOneLine(stderr, home.db);
    assertEquals(Deno.readTextFileSync(home.db), before);
    assertEquals([...Deno.readDirSync(home.top)].map(({ name }) => name).sort(), ["backfill.sqlite", "home"]);
  });
}

for (const command of ["status", "failures"]) {
  Deno.test(`backfill ${command} of a database that is not there creates none`, async () => {
    using home = new TemporaryHome();
    const { code, stderr } = await runCli([command, "--db", home.db]);
    assertEquals(code, 1);
    assertOneLine(stderr, home.db);
    assertEquals([...Deno.readDirSync(home.top)].map(({ name }) => name), ["home"]);
  });
}

Deno.test("backfill --metrics of a module without a sink says what it needs", async () => {
  using home = new TemporaryHome();
  const sink = join(home.top, "sink.ts");
  Deno.writeTextFileSync(sink, "export default { count() {} };");
  const { code, stderr } = await runCli(["--codex-home", SAMPLE_HOME, "--db", home.db, "--metrics", sink]);
  assertEquals(code, 2);
  assertOneLine(stderr, "it needs the methods counter and timer");
});

Deno.test("backfill --metrics of a module that may not be loaded names the flag, and Deno is not brought to ask", async () => {
  using home = new TemporaryHome();
  const sink = join(home.top, "sink.ts"), log = join(home.top, "audit.jsonl"), env = { DENO_AUDIT_PERMISSIONS: log };
  Deno.writeTextFileSync(sink, "export default { counter() {}, timer() {} };");
  const permissions = [`--allow-read=${home.path},${home.db}`, `--allow-write=${home.db}`];
  for (
    const [module, flag] of [
      [sink, `--allow-read=${sink}`],
      [toFileUrl(sink).href, `--allow-read=${sink}`],
      ["http://sinks.test/sink.js", "--allow-import=sinks.test:80,jsr.io"],
      ["https://sinks.test:8443/sink.js", "--allow-import=sinks.test:8443,jsr.io"],
    ] as const
  ) {
    const args = ["--codex-home", home.path, "--db", home.db, "--metrics", module];
    const { code, stderr } = await runCli(args, { permissions, env });
    assertEquals(code, 2);
    assertOneLine(stderr, `cannot load the metrics module "${module}": allow it with ${flag}`);
  }
  const asked = Deno.readTextFileSync(log);
  assertEquals([asked.includes("sink.ts"), asked.includes("sinks.test")], [false, false]);
});

Deno.test("backfill --metrics of a module that exports a class says what it needs", async () => {
  using home = new TemporaryHome();
  const module = join(home.top, "sink.ts");
  Deno.writeTextFileSync(module, "export default class { counter() {} timer() {} }");
  const { code, stderr } = await runCli(["--codex-home", home.path, "--db", home.db, "--metrics", module]);
  assertEquals(code, 2);
  assertOneLine(stderr, "its default export is a class: it has to be a sink, or make one");
});

Deno.test({
  name: "backfill into a link whose folder is not there says so",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new TemporaryHome();
    Deno.symlinkSync(join(home.top, "nowhere", "backfill.sqlite"), home.db);
    for (const permissions of [["-A"], ["--allow-read", "--allow-write", "--allow-env"]]) {
      const { code, stderr } = await runCli(["--codex-home", home.path, "--db", home.db], { permissions });
      assertEquals(code, 1);
      assertOneLine(stderr, "it is a link into a folder that does not exist");
    }
  },
});

Deno.test("backfill --help and --version print on standard output", async () => {
  const help = await runCli(["--help"]);
  assertEquals([help.code, help.stderr], [0, ""]);
  assertEquals((await runCli(["-h"])).stdout, help.stdout);
  for (const word of ["run", "status", "failures", "--codex-home", "--retry-failed", "--compat", "Exit codes"]) {
    assertStringIncludes(help.stdout, word);
  }
  const version = await runCli(["--version"]);
  const config = JSON.parse(Deno.readTextFileSync(new URL("../../deno.json", import.meta.url)));
  assertEquals([version.code, version.stdout], [0, `backfill ${config.version}\n`]);
});

Deno.test({
  name: "backfill with a variable that is not Unicode names the variable",
  ignore: Deno.build.os === "windows",
  async fn() {
    const through = ["bash", "-c", `export CODEX_HOME=$'\\xff'; exec "$@"`, "odd"];
    const { code, stderr } = await runCli(["run"], { through });
    assertEquals([code, stderr], [
      2,
      "backfill: the environment variable CODEX_HOME is not valid Unicode: name the path by a flag, or rename it; see backfill --help\n",
    ]);
  },
});

Deno.test("backfillCodex() that cannot run leaves no database behind", async () => {
  using home = new TemporaryHome();
  home.rollout(1);
  const options = { codexHome: home.path, db: home.db };
  await assertRejects(() => backfillCodex({ ...options, batchSize: 0 }), RangeError, "batchSize 0");
  await assertRejects(() => backfillCodex({ ...options, codexHome: "" }), TypeError, "codexHome is empty");
  await assertRejects(() => backfillCodex({ ...options, db: "" }), TypeError, "db is empty");
  assertEquals([...Deno.readDirSync(home.top)].map(({ name }) => name), ["home"]);
});
