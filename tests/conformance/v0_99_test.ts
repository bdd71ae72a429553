/**
 * Under `--compat 0.99.0` the store holds what Codex 0.99.0 wrote, column by column.
 */
import { assertEquals } from "@std/assert";
import { backfillCodex } from "../../mod.ts";
import { runCli } from "../child.ts";
import { layHome, readCases } from "./case.ts";
import { project, readTables } from "./tables.ts";

/** Deno gives file names as text, so a folder whose name is not UTF-8 cannot be opened. It is reported instead. */
const LEFT_OUT = new Set(["056-paths-invalid-utf8"]);

for (const one of readCases()) {
  const isAboutCodexItself = one.before !== undefined;
  Deno.test({
    name: `0.99.0 ${one.name}: ${one.what}`,
    ignore: isAboutCodexItself || LEFT_OUT.has(one.name) || Deno.build.os === "windows",
    async fn() {
      const top = Deno.realPathSync(Deno.makeTempDirSync());
      const home = `${top}/home`, db = `${top}/db/backfill.sqlite`;
      Deno.mkdirSync(home);
      Deno.mkdirSync(`${top}/db`);
      layHome(home, one);
      if (one.unprivileged) {
        const { code, stderr } = await runCli(
          ["--codex-home", home, "--db", db, "--compat", "0.99.0", "--default-provider", one.default_provider],
          { heedModes: true },
        );
        assertEquals(code, 3, stderr);
      } else {
        await backfillCodex({ codexHome: home, db, compat: "0.99.0", defaultProvider: one.default_provider });
      }
      const expected = one.expected["0.99.0"];
      const actual = readTables(db, home);
      assertEquals(project(actual.threads, expected.threads, "id"), [...expected.threads]);
      assertEquals(actual.thread_dynamic_tools.map(tool), expected.thread_dynamic_tools.map(tool));
      assertEquals(actual.backfill_state, expected.backfill_state);
      Deno.removeSync(top, { recursive: true });
    },
  });
}

/** A tool by the columns that 0.99.0 has. */
function tool(row: Record<string, unknown>): unknown[] {
  return [row.thread_id, row.position, row.name, row.description, row.input_schema];
}
