/**
 * What a user of JSR does: run the published package, or import it over HTTP, with no more permissions than it needs.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import config from "../deno.json" with { type: "json" };
import { type ChildResult, denoRun } from "./child.ts";
import { CodexHome } from "./codex_state/codex_home.ts";
import { TemporaryHome } from "./home.ts";
import { Registry } from "./registry.ts";

/** Runs a module that knows nothing of this checkout, in a folder with nothing but a database that is still empty. */
async function runApart(
  registry: Registry,
  home: TemporaryHome,
  module: string,
  args: readonly string[],
  permissions: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ChildResult> {
  const cwd = Deno.makeTempDirSync({ dir: home.top });
  Deno.writeTextFileSync(home.db, "");
  const options = { permissions, cwd, env: { ...registry.env(), ...env }, apart: true };
  const { code, stdout, stderr } = await denoRun(module, args, options).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

async function importApart(script: string, permissions: (home: TemporaryHome) => readonly string[] = () => []) {
  using home = new TemporaryHome();
  home.rollout(1);
  await using registry = new Registry();
  await registry.publish();
  const module = join(home.top, "main.ts");
  Deno.writeTextFileSync(module, script.replaceAll(/"@rollout/g, '"jsr:@rollout'));
  return await runApart(registry, home, module, [home.path, home.db], permissions(home));
}

const readAndWrite = (home: TemporaryHome) => [`--allow-read=${home.path},${home.db}`, `--allow-write=${home.db}`];

Deno.test("what is published is the engine, the plugins and the migrations, and nothing else", async () => {
  await using registry = new Registry();
  await registry.publish();
  const published = registry.paths();
  const tops = new Set(published.map((path) => path.split("/")[1]));
  assertEquals([...tops].sort(), [...config.publish.include].sort());
  assertEquals(published.filter((path) => /_test\.|\/tests\/|\/(compat|tools|examples)\//.test(path)), []);
});

Deno.test("the published command backfills with the least permissions, on worker threads too", async () => {
  using home = new TemporaryHome();
  for (let number = 0; number < 600; number++) home.rollout(number);
  await using registry = new Registry();
  await registry.publish();
  const flags = ["--codex-home", home.path, "--db", home.db, "--workers", "2", "--json"];
  const run = () => runApart(registry, home, "jsr:@rollout/backfill", ["run", ...flags], readAndWrite(home));
  const { code, stdout, stderr } = await run();
  assertEquals([code, stderr, JSON.parse(stdout).upserted], [0, "", 600]);
  const files = registry.filesAskedFor();
  for (const worker of ["src/pool", "plugins/source_rollouts", "plugins/extractor_codex"]) {
    assertEquals(files.includes(`${worker}/worker.ts`), true, `${worker} gave a worker its module`);
  }
});

Deno.test("the published command takes @db/sqlite where FFI is allowed and it loads", async () => {
  using home = new TemporaryHome();
  home.rollout(1);
  await using registry = new Registry();
  await registry.publish();
  const run = async (permissions: readonly string[], env = {}) => {
    const flags = ["--codex-home", home.path, "--db", home.db, "--quiet"];
    const all = [...readAndWrite(home), ...permissions];
    return await runApart(registry, home, "jsr:@rollout/backfill", flags, all, env);
  };
  const library = { DENO_SQLITE_PATH: "the adapter needs none" }, none = { DENO_SQLITE_PATH: "" };
  registry.prepend("@db/sqlite", "/mod.ts", `console.log("loaded");`);
  // It is told on standard error, because standard output is the command's.
  assertEquals(await run(["--allow-ffi", "--allow-env"], library), { code: 0, stdout: "", stderr: "loaded\n" });
  for (const permissions of [["--allow-ffi"], ["--allow-env"], []]) {
    assertEquals(await run(permissions, library), { code: 0, stdout: "", stderr: "" });
  }
  assertEquals(await run(["--allow-ffi", "--allow-env"], none), { code: 0, stdout: "", stderr: "" });
  registry.prepend("@db/sqlite", "/mod.ts", `throw new Error("it cannot be loaded");`);
  assertEquals(await run(["--allow-ffi", "--allow-env"], library), { code: 0, stdout: "", stderr: "" });
});

Deno.test("the module imported over HTTP backfills with the least permissions", async () => {
  const script = `
    import { backfillCodex } from "@rollout/backfill";
    const [codexHome, db] = Deno.args;
    const report = await backfillCodex({ codexHome, db });
    console.log(report.status, report.upserted);
  `;
  const { code, stdout, stderr } = await importApart(script, readAndWrite);
  assertEquals([code, stdout, stderr], [0, "complete 1\n", ""]);
});

Deno.test("the published command says what helps where a project has node_modules of its own", async () => {
  using home = new CodexHome();
  home.indexed(1);
  home.write("config.toml", 'model = "x"\n');
  home.write("package.json", "{}");
  await using registry = new Registry();
  await registry.publish();
  const options = { cwd: home.path, env: registry.env(), apart: true };
  const { stderr } = await denoRun("jsr:@rollout/backfill", ["verify", "--codex-home", home.path], options).output();
  assertStringIncludes(new TextDecoder().decode(stderr), "Add --no-config to deno run, install the command");
});

Deno.test("the published command takes a metrics module from a file, and says why it takes none from an address", async () => {
  using home = new TemporaryHome();
  home.rollout(1);
  const file = join(home.top, "sink.ts"), address = "http://127.0.0.1:9/sink.js";
  Deno.writeTextFileSync(file, "export default { counter() {}, timer() {} };");
  await using registry = new Registry();
  await registry.publish();
  const run = (module: string) => {
    const flags = ["run", "--codex-home", home.path, "--db", home.db, "--quiet", "--metrics", module];
    const permissions = [`--allow-read=${home.path},${home.db},${file}`, `--allow-write=${home.db}`];
    return runApart(registry, home, "jsr:@rollout/backfill", flags, permissions);
  };
  assertEquals(await run(file), { code: 0, stdout: "", stderr: "" });
  const { code, stderr } = await run(address);
  assertEquals(code, 2);
  assertStringIncludes(
    stderr,
    `name a file with export { default } from "${address}" and allow that with --allow-import=`,
  );
});

Deno.test("imported as a library, the module loads no code of the command line", async () => {
  using home = new TemporaryHome();
  await using registry = new Registry();
  await registry.publish();
  const paths = registry.paths().filter((path) => path.startsWith("/src/cli/"));
  for (const path of paths) registry.prepend(config.name, path, `console.log("${path}");`);
  const module = join(home.top, "main.ts");
  Deno.writeTextFileSync(module, `import "jsr:@rollout/backfill";`);
  assertEquals(await runApart(registry, home, module, [], []), { code: 0, stdout: "", stderr: "" });
  const { stdout } = await runApart(registry, home, "jsr:@rollout/backfill", ["--version"], []);
  assertStringIncludes(stdout, "/src/cli/main.ts\n");
});

Deno.test("every entry point can be imported over HTTP without any permission", async () => {
  const names = Object.keys(config.exports).map((path) => `@rollout/backfill${path.slice(1)}`);
  const script = names.map((name, at) => `import * as _${at} from "${name}";`).join("\n") +
    `\nconsole.log("imported");`;
  const { code, stdout, stderr } = await importApart(script);
  assertEquals([code, stdout, stderr], [0, "imported\n", ""]);
});

Deno.test("a home that may not be read is an error that names the permission", async () => {
  const { stdout } = await importApart(`
    import { backfillCodex } from "@rollout/backfill";
    const [codexHome, db] = Deno.args;
    await backfillCodex({ codexHome, db }).catch((error) => console.log(error.message));
  `);
  assertStringIncludes(stdout, "--allow-read");
});
