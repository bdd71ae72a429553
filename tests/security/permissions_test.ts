/**
 * What the command may do is what README.md says it needs, and what its code can ask for is short enough to be listed.
 */
import { assertEquals } from "@std/assert";
import { walkSync } from "@std/fs";
import { fromFileUrl, join, relative } from "@std/path";
import { runCli } from "../child.ts";
import { homeOf } from "../faults/harm.ts";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

/** Nothing beside what is allowed: what is refused ends the run with an error instead of with a question. */
const NOTHING_ELSE = ["--deny-net", "--deny-ffi", "--deny-run", "--deny-sys", "--deny-import"];

for (const rollouts of [3, 600]) {
  Deno.test(`${rollouts} rollouts need reading of home and database, writing of the database, and nothing else`, async () => {
    using home = homeOf(rollouts);
    Deno.writeTextFileSync(home.db, "");
    const read = [`--allow-read=${home.path},${home.db}`, "--deny-env", ...NOTHING_ELSE];
    const write = [...read, `--allow-write=${home.db}`];
    const commands = [
      [["run", "--codex-home", home.path, "--db", home.db, "--json"], write],
      [["run", "--codex-home", home.path, "--db", home.db, "--json", "--metrics", "none"], write],
      [["status", "--db", home.db, "--json"], read],
      [["failures", "--db", home.db, "--json"], read],
    ] as const;
    for (const [args, permissions] of commands) {
      const { code, stderr } = await runCli(args, { permissions });
      assertEquals([code, stderr], [0, ""], args.join(" "));
    }
    const { stdout } = await runCli(["status", "--db", home.db, "--json"]);
    assertEquals(JSON.parse(stdout).sources[0].done, rollouts);
  });
}

Deno.test("without flags it needs the environment that README.md names, and no more of it", async () => {
  if (Deno.build.os !== "linux") return;
  using home = homeOf(3);
  const data = join(home.top, "share"), db = join(data, "rollout-backfill", "backfill.sqlite");
  const variables = ["CODEX_HOME", "HOME", "XDG_DATA_HOME"];
  const permissions = [
    `--allow-read=${home.path},${data}`,
    `--allow-write=${data}`,
    `--allow-env=${variables.join(",")}`,
    ...NOTHING_ELSE,
  ];
  const env = { CODEX_HOME: home.path, XDG_DATA_HOME: data };
  const { code, stdout, stderr } = await runCli(["--json"], { permissions, env });
  assertEquals([code, stderr, JSON.parse(stdout).db], [0, "", db]);
  const readme = Deno.readTextFileSync(join(ROOT, "README.md"));
  assertEquals(readme.includes(`--allow-env=${variables.join(",")}`), true);
});

for (
  const [what, link, code] of [["a link to no file yet", "link", 0], ["a link to nowhere", "dead/x", 1], [
    "no folder",
    "no/x",
    1,
  ]] as const
) {
  Deno.test(`nothing is asked for that is not allowed, also where the database lies at ${what}`, async () => {
    if (Deno.build.os === "windows") return;
    using home = homeOf(3);
    const { top, path } = home, db = join(top, `${link}.sqlite`), real = join(top, "real", "x.sqlite");
    Deno.mkdirSync(join(top, "real"));
    Deno.symlinkSync(real, join(top, "link.sqlite"));
    Deno.symlinkSync(join(top, "nowhere"), join(top, "dead"));
    const permissions = [
      `--allow-read=${path},${db},${real}`,
      `--allow-write=${db},${real}`,
      "--deny-env",
      ...NOTHING_ELSE,
    ];
    const log = join(top, "audit.jsonl"), env = { DENO_AUDIT_PERMISSIONS: log };
    const ended = await runCli(["run", "--codex-home", path, "--db", db], { permissions, env });
    assertEquals(ended.code, code, ended.stderr);
    const asked = Deno.readTextFileSync(log).trim().split("\n").map((line) => JSON.parse(line).value);
    const places = asked.filter((value) => typeof value === "string" && value.startsWith(top));
    assertEquals(places.filter((place) => ![path, db, real].some((one) => place.startsWith(one))), []);
    assertEquals(places.includes(db), true);
  });
}

/** What reaches beyond the process, as it is written in code. */
const REACHES = {
  "another process": /Deno\.Command\b|node:child_process/,
  "the network":
    /\bfetch\(|WebSocket\(|Deno\.(connect|listen|serve|resolveDns|createHttpClient)|node:(net|http|https|dns|tls)\b/,
  "code from text": /\beval\(|new Function\(|node:vm\b/,
  "foreign memory": /Deno\.dlopen/,
  "an imported address": /\bimport\(\s*[^"\s]/,
  "a permission that is asked for": /permissions\.request/,
  "the environment": /Deno\.env\b|process\.env\b/,
} as const;

/** The only files that do, and why they may. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  // The module that --metrics names, the plugins of a worker thread, which name themselves, and a parser that few commands need.
  "an imported address": ["plugins/codex_repair/config_file.ts", "src/cli/metrics_flag.ts", "src/pool/worker.ts"],
  // One word, always the same: the name of V8's collector.
  "code from text": ["src/collector.ts"],
  // DENO_SQLITE_PATH, where foreign functions are allowed; whether TMPDIR is empty, where that may be known; CODEX_HOME, HOME and
  // XDG_DATA_HOME, where a flag is left out.
  "the environment": ["plugins/sqlite/find_driver.ts", "plugins/scratch.ts", "src/cli/paths.ts"],
};

for (const [what, pattern] of Object.entries(REACHES)) {
  Deno.test(`only the files that must reach ${what}`, () => {
    const files = [
      "mod.ts",
      ...["src", "plugins", "migrations"].flatMap((folder) =>
        [
          ...walkSync(join(ROOT, folder), { includeDirs: false }),
        ].map(({ path }) => relative(ROOT, path))
      ),
    ].filter((path) => path.endsWith(".ts"));
    const reaching = files.filter((path) => pattern.test(code(Deno.readTextFileSync(join(ROOT, path)))));
    assertEquals(reaching.sort(), [...(ALLOWED[what] ?? [])].sort());
  });
}

/** A module without its comments. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}
