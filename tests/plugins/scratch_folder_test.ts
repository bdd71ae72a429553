/**
 * Folders that last as long as they are used, and what becomes of those whose process was killed.
 */
import { assertEquals } from "@std/assert";
import { basename, fromFileUrl, join } from "@std/path";
import { ScratchFolder } from "../../plugins/scratch_folder.ts";
import { CodexHome } from "../codex_state/codex_home.ts";
import { denoRun, runCli } from "../child.ts";

const MODULE = fromFileUrl(new URL("../../plugins/scratch_folder.ts", import.meta.url));

/** Makes a folder with a file in it, as a process that is killed then. */
async function leaveBehind(parent: string): Promise<void> {
  const script = `${parent}.ts`;
  Deno.writeTextFileSync(
    script,
    `import { ScratchFolder } from ${JSON.stringify(MODULE)};
     const { path } = new ScratchFolder("a test", ${JSON.stringify(parent)});
     Deno.writeTextFileSync(path + "/state_5.sqlite", "rows");
     Deno.kill(Deno.pid, "SIGKILL");`,
  );
  await denoRun(script, []).output();
  Deno.removeSync(script);
}

function namesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

Deno.test({
  name:
    "the copy of a database that a killed process left is removed by the next one that looks into a database, and nothing else",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new CodexHome();
    home.indexed(1);
    const parent = join(home.top, "temporary");
    Deno.mkdirSync(parent);
    await leaveBehind(parent);
    assertEquals(namesIn(parent).length, 1);
    {
      using used = new ScratchFolder("a test", parent);
      assertEquals(namesIn(parent), [basename(used.path)]);
      const others = ["another_folder", "rollout_backfill_without_a_lock", "rollout_backfill_link"];
      for (const name of others.slice(0, 2)) Deno.mkdirSync(join(parent, name));
      Deno.symlinkSync(home.path, join(parent, "rollout_backfill_link"));
      home.write(".in_use", "");
      await leaveBehind(parent);
      assertEquals(namesIn(parent).length, 5);
      for (const command of ["verify", "repair"]) {
        const { code } = await runCli([command, "--codex-home", home.path], { env: { TMPDIR: parent } });
        assertEquals([code, namesIn(parent)], [0, [...others, basename(used.path)].sort()]);
      }
    }
    assertEquals(namesIn(parent).length, 3);
    assertEquals(home.row(1) !== undefined, true);
  },
});

Deno.test("a folder that somebody else has removed is as good as removed", () => {
  const parent = Deno.makeTempDirSync();
  try {
    {
      using folder = new ScratchFolder("a test", parent);
      Deno.removeSync(folder.path, { recursive: true });
    }
    assertEquals(namesIn(parent), []);
  } finally {
    Deno.removeSync(parent, { recursive: true });
  }
});
