/**
 * Where Codex 0.169.0 keeps its state database: every expectation was established by starting the real program.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { dirname, join, resolve } from "@std/path";
import { type CodexConfig, readCodexConfig } from "../../../plugins/codex_repair/codex_config.ts";
import { statePlaces } from "../../../plugins/codex_repair/state_places.ts";
import { TemporaryHome } from "../../home.ts";

const HOME = "/home/me/.codex";

/** A folder of the system's files that is not there. */
const NO_SYSTEM = "/nowhere/codex";

function configured(path: string): CodexConfig {
  return { sqliteHome: { path, file: join(HOME, "config.toml") } };
}

for (
  const [name, toml, variable, expected] of [
    ["nothing is configured", "", undefined, HOME],
    ["the variable", "", "/e", "/e"],
    ["sqlite_home", 'sqlite_home = "/t"', undefined, "/t"],
    ["sqlite_home goes before the variable", 'sqlite_home = "/t"', "/e", "/t"],
    ["a relative sqlite_home starts from the Codex home", 'sqlite_home = "rel"', undefined, `${HOME}/rel`],
    ["a relative sqlite_home may leave it", 'sqlite_home = "../up/../x"', undefined, "/home/me/x"],
    ["an empty sqlite_home is the Codex home", 'sqlite_home = ""', "/e", HOME],
    ["~ in sqlite_home", 'sqlite_home = "~/til"', undefined, "/home/me/til"],
    ["~ alone", 'sqlite_home = "~"', undefined, "/home/me"],
    ["~ of somebody else is a name", 'sqlite_home = "~root/x"', undefined, `${HOME}/~root/x`],
    ["white space in sqlite_home counts", 'sqlite_home = " /t "', undefined, `${HOME}/ /t `],
    ["a variable in sqlite_home is a name", 'sqlite_home = "$HOME/x"', undefined, `${HOME}/$HOME/x`],
    ["a relative variable starts from the working directory", "", "rel", resolve("rel")],
    ["~ in the variable", "", "~/x", "/home/me/x"],
    ["an empty variable is none", "", "", HOME],
    ["white space around the variable does not count", "", "  /sp  ", "/sp"],
    ["a sqlite_home that is no text costs the whole file", "sqlite_home = 3", "/e", "/e"],
    ["a profile costs the whole file", 'sqlite_home = "/t"\nprofile = "p"', "/e", "/e"],
    ["an empty profile too", 'sqlite_home = "/t"\nprofile = ""', undefined, HOME],
    ["a table of profiles costs nothing", 'sqlite_home = "/t"\n[profiles.p]\nmodel = "x"', undefined, "/t"],
    ["a profile in a table is another key", 'sqlite_home = "/t"\n[tui]\nprofile = "p"', undefined, "/t"],
    ["a file that is no TOML counts for nothing", "sqlite_home = ", "/e", "/e"],
    ["a key that comes twice makes it no TOML", 'sqlite_home = "a"\nsqlite_home = "b"', undefined, HOME],
    ["a byte order mark", '\ufeffsqlite_home = "/t"', undefined, "/t"],
    [
      "an integer beyond 64 bits costs the whole file",
      'sqlite_home = "/t"\n[a]\nx = [9223372036854775808]',
      undefined,
      HOME,
    ],
    ["an integer beyond 2^53", 'sqlite_home = "/t"\nx = 9223372036854775807', undefined, "/t"],
    ["an inline table over two lines", 'sqlite_home = "/t"\nx = { a = 1,\n b = 2, }', undefined, "/t"],
    ["a table after one of its own tables", 'sqlite_home = "/t"\n[x.y]\na = 1\n[x]\nb = 1', undefined, "/t"],
    ["a date that lacks seconds", 'sqlite_home = "/t"\nx = 07:32', undefined, "/t"],
    ["a code point beyond 0xffff", 'sqlite_home = "/\\U0001F600"', undefined, "/😀"],
    ["Windows line ends", 'model = "x"\r\nsqlite_home = "/t"\r\n', undefined, "/t"],
    ["a backslash that escapes nothing makes it no TOML", 'model = "C:\\me"\nsqlite_home = "/t"', undefined, HOME],
    ["a sqlite_home in a table is another key", '[x]\nsqlite_home = "/t"', undefined, HOME],
  ] as const
) {
  Deno.test({
    name: `state database: ${name}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      using home = new TemporaryHome();
      home.write("config.toml", toml);
      // What is named from the home, or from the user's beside it.
      const here = expected.replace(HOME, home.path).replace(dirname(HOME), home.top);
      const env = (name: string) => ({ HOME: home.top, CODEX_SQLITE_HOME: variable })[name] || undefined;
      const config = await readCodexConfig(home.path, NO_SYSTEM);
      assertEquals(statePlaces(home.path, config, env)[0]?.folder, here);
    },
  });
}

Deno.test("state database: the places that do not count are named too, each once", () => {
  const env = (name: string) => ({ CODEX_SQLITE_HOME: "/e" })[name];
  assertEquals(statePlaces(HOME, configured("/t"), env), [
    { folder: "/t", because: `sqlite_home in ${join(HOME, "config.toml")}` },
    { folder: "/e", because: "CODEX_SQLITE_HOME" },
    { folder: HOME, because: "the Codex home" },
  ]);
  assertEquals(statePlaces(HOME, configured("/e/"), env).map(({ folder }) => folder), ["/e", HOME]);
});

for (
  const [os, sqliteHome, folder] of [
    ["windows", "~", "/users/me"],
    ["windows", "~/db", "/users/me/db"],
    ["windows", "~\\db", "/users/me/db"],
    ["windows", "~me\\db", `${HOME}/~me\\db`],
    ["linux", "~/db", "/h/db"],
    ["linux", "~\\db", `${HOME}/~\\db`],
  ] as const
) {
  Deno.test(`state database: on ${os} the sqlite_home ${sqliteHome} is ${folder}`, () => {
    const env = (name: string) => ({ HOME: "/h", USERPROFILE: "/users/me" })[name];
    assertEquals(statePlaces(HOME, configured(sqliteHome), env, os)[0]?.folder, resolve(folder));
  });
}

Deno.test("config.toml: what matters is read, what is wrong is said, and no file is no problem", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    assertEquals(await readCodexConfig(folder, NO_SYSTEM), {});
    Deno.writeTextFileSync(`${folder}/config.toml`, 'model_provider = "azure"\nmodel = "x"\n');
    assertEquals(await readCodexConfig(folder, NO_SYSTEM), { modelProvider: "azure" });
    Deno.writeTextFileSync(`${folder}/config.toml`, "model_provider = [1]\n");
    assertMatch(
      (await readCodexConfig(folder, NO_SYSTEM)).problem ?? "",
      /config\.toml: model_provider is not a text; codex does not start with it, /,
    );
    Deno.writeTextFileSync(`${folder}/config.toml`, 'model_provider = "azure"\nprofile = "p"\n');
    const { problem: legacy = "", ...used } = await readCodexConfig(folder, NO_SYSTEM);
    assertMatch(
      legacy,
      /config\.toml: profile is set, which Codex no longer supports; codex does not start with it, /,
    );
    assertEquals(used, { isBroken: true });
    Deno.writeTextFileSync(`${folder}/config.toml`, "a = \u001b[31m\n");
    const { problem = "" } = await readCodexConfig(folder, NO_SYSTEM);
    assertMatch(problem, /config\.toml is not valid TOML: /);
    assertEquals(problem.split("\n").length, 1);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
