/**
 * What Codex 0.169.0 makes of the files that configure it, the system's and the home's: every expectation was established by
 * starting the real program, but for Windows.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { type CodexConfig, readCodexConfig, systemConfigFolder } from "../../../plugins/codex_repair/codex_config.ts";
import { statePlaces } from "../../../plugins/codex_repair/state_places.ts";
import { TemporaryHome } from "../../home.ts";

/** A home, and the folder of the system's files beside it. */
class ConfiguredHome extends TemporaryHome {
  readonly system: string = join(this.top, "system");

  /** Writes files, named from the folder of both, and reads what all say. */
  configured(files: Readonly<Record<string, string>>, os: typeof Deno.build.os = "linux"): Promise<CodexConfig> {
    for (const [file, text] of Object.entries(files)) this.write(join("..", file), text);
    return readCodexConfig(this.path, this.system, os);
  }
}

const SYSTEM = "system/config.toml", HOME = "home/config.toml";
const MANAGED = "system/managed_config.toml", REQUIREMENTS = "system/requirements.toml";

const sqlite = (name: string) => `sqlite_home = "/${name}"\n`,
  provider = (name: string) => `model_provider = "${name}"\n`;

for (
  const [what, files, decides] of [
    ["the system's config.toml counts", { [SYSTEM]: sqlite("s") }, "/s"],
    ["the home's goes before it", { [SYSTEM]: sqlite("s"), [HOME]: sqlite("h") }, "/h"],
    [
      "managed_config.toml goes before both",
      { [SYSTEM]: sqlite("s"), [HOME]: sqlite("h"), [MANAGED]: sqlite("m") },
      "/m",
    ],
    ["requirements.toml goes before all", { [MANAGED]: sqlite("m"), [REQUIREMENTS]: sqlite("r") }, "/r"],
    ["each key counts by itself", { [SYSTEM]: sqlite("s"), [HOME]: provider("a") }, "/s"],
    ["a home's that is no TOML costs itself", { [SYSTEM]: sqlite("s"), [HOME]: "a = " }, "/s"],
    ["a profile costs the home's", { [SYSTEM]: sqlite("s"), [HOME]: `${sqlite("h")}profile = "p"` }, "/s"],
    ["another value costs the home's", { [SYSTEM]: sqlite("s"), [HOME]: `${sqlite("h")}model_provider = 3` }, "/s"],
    ["a value that does not decide costs nothing", { [SYSTEM]: "sqlite_home = 3", [HOME]: sqlite("h") }, "/h"],
    [
      "nor does one of the home's",
      { [HOME]: `${sqlite("h")}model_provider = 3`, [MANAGED]: provider("a") },
      "/h",
    ],
    [
      "requirements.toml makes up for no value",
      { [HOME]: `${sqlite("h")}model_provider = 3`, [REQUIREMENTS]: provider("a") },
      undefined,
    ],
    ["requirements.toml has no profile", { [REQUIREMENTS]: `${sqlite("r")}profile = "p"` }, "/r"],
    ["the home has no requirements", { "home/requirements.toml": sqlite("r") }, undefined],
    ["the home has no managed_config.toml", { "home/managed_config.toml": sqlite("m") }, undefined],
  ] as const
) {
  Deno.test(`Codex's configuration: ${what}`, async () => {
    using home = new ConfiguredHome();
    assertEquals((await home.configured(files)).sqliteHome?.path, decides);
  });
}

Deno.test("Codex's configuration: the model provider is that of the file which goes before the others", async () => {
  using home = new ConfiguredHome();
  for (const [file, name] of [[SYSTEM, "s"], [HOME, "h"], [MANAGED, "m"], [REQUIREMENTS, "r"]] as const) {
    assertEquals(await home.configured({ [file]: provider(name) }), { modelProvider: name });
  }
});

Deno.test("Codex's configuration: the file that decides is named, and a relative sqlite_home starts from its folder", async () => {
  using home = new ConfiguredHome();
  const config = await home.configured({ [SYSTEM]: 'sqlite_home = "rel"', [HOME]: provider("a") });
  assertEquals(statePlaces(home.path, config, () => "/variable")[0], {
    folder: join(home.system, "rel"),
    because: `sqlite_home in ${join(home.system, "config.toml")}`,
  });
});

for (
  const [what, files, problem] of [
    ["the home's is no TOML", { [HOME]: "a = " }, /config\.toml is not valid TOML: .*; codex does not start with it, /],
    [
      "the system's is no TOML",
      { [SYSTEM]: "a = " },
      /config\.toml is not valid TOML: .*; Codex does not work with it$/,
    ],
    [
      "another has a profile",
      { [MANAGED]: 'profile = ""' },
      /managed_config\.toml: profile is set, .* does not work with it$/,
    ],
    [
      "what is required is no text",
      { [REQUIREMENTS]: "sqlite_home = 3" },
      /sqlite_home is not a text; Codex does not work/,
    ],
    [
      "two are wrong",
      { [HOME]: "profile = 1", [SYSTEM]: "model_provider = 3" },
      /on without it; .*model_provider is not/,
    ],
  ] as const
) {
  Deno.test(`Codex's configuration: it is said when ${what}`, async () => {
    using home = new ConfiguredHome();
    assertMatch((await home.configured(files)).problem ?? "", problem);
  });
}

Deno.test("Codex's configuration: on Windows managed_config.toml is in the home, the rest in a folder of the system's", async () => {
  using home = new ConfiguredHome();
  const files = { [SYSTEM]: sqlite("s"), [MANAGED]: sqlite("m"), "home/managed_config.toml": sqlite("h") };
  assertEquals((await home.configured(files, "windows")).sqliteHome?.path, "/h");
  assertEquals(systemConfigFolder(() => undefined, "linux"), "/etc/codex");
  assertEquals(systemConfigFolder(() => undefined, "windows"), join("C:\\ProgramData", "OpenAI", "Codex"));
  assertEquals(systemConfigFolder(() => "D:\\Data", "windows"), join("D:\\Data", "OpenAI", "Codex"));
});
