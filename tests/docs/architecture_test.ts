/**
 * Which part may know which: the engine knows no plugin, and a plugin knows of the engine what everybody may use.
 */
import { assertEquals } from "@std/assert";
import { walkSync } from "@std/fs";
import { dirname, fromFileUrl, join, relative } from "@std/path";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

/** What plugins use of the engine without its being public: words and small rules that both have to have alike. */
const SHARED = ["src/abandon.ts", "src/iso_time.ts", "src/loadable.ts", "src/missing_flag.ts", "src/owner.ts"];

/** What the plugin uses that brings commands of its own. */
const COMMANDS = ["src/cli/paths.ts", "src/cli/printable.ts", "src/cli/state_commands.ts", "src/cli/wording.ts"];

/** Which modules of the project the modules of a folder import, with the importing one. */
function* importsOf(folder: string): Generator<readonly [from: string, to: string]> {
  for (const { path } of walkSync(join(ROOT, folder), { exts: ["ts"], includeDirs: false })) {
    for (const [, specifier = ""] of Deno.readTextFileSync(path).matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
      yield [inProject(path), inProject(join(dirname(path), specifier))];
    }
  }
}

function inProject(path: string): string {
  return relative(ROOT, path).replaceAll("\\", "/");
}

Deno.test("the engine imports no plugin", () => {
  const outside = [...importsOf("src")].filter(([, to]) => !to.startsWith("src/"));
  assertEquals(outside, []);
});

Deno.test("plugins import of the engine what is public, what is shared, and one of them what commands need", () => {
  const mod = Deno.readTextFileSync(join(ROOT, "mod.ts"));
  const exported = Array.from(mod.matchAll(/export [^;]*from "\.\/(src\/[^"]+)"/g), ([, path = ""]) => path);
  const unknown = [...importsOf("plugins")].filter(([from, to]) =>
    to.startsWith("src/") && ![...exported, ...SHARED].includes(to) &&
    !(from.startsWith("plugins/codex_repair/") && COMMANDS.includes(to))
  );
  assertEquals(unknown, []);
});
