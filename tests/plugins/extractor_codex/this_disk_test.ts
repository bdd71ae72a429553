/**
 * What depends on the disk of the day: which folder the file `.git` of a worktree names, and how a working directory is spelled.
 * What 0.169.0 itself made of them stands in `this_disk.json`, where `$D` is the folder that holds everything.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { backfillCodex } from "../../../mod.ts";
import { TemporaryHome, threadId } from "../../home.ts";
import { rowsOf } from "../store_sqlite/database.ts";
import recorded from "./this_disk.json" with { type: "json" };

const ignore = Deno.build.os === "windows";

/** The columns of a thread that is at work in each folder. */
async function rowsIn(home: TemporaryHome, folders: readonly string[]): Promise<Record<string, unknown>[]> {
  for (const [number, cwd] of folders.entries()) {
    const sandbox = { type: "workspace-write", writable_roots: [], network_access: false };
    const policy = { ...sandbox, exclude_tmpdir_env_var: true, exclude_slash_tmp: true };
    const payload = { cwd, approval_policy: "never", sandbox_policy: policy, model: "m", summary: "auto" };
    const line = { timestamp: "2026-05-04T01:02:20.404Z", type: "turn_context", payload };
    home.write(`sessions/rollout-2026-01-01T00-00-00-${threadId(number)}.jsonl`, `${JSON.stringify(line)}\n`);
  }
  await backfillCodex({ codexHome: home.path, db: home.db, compat: "0.169.0" });
  const rows = new Map(rowsOf(home.db, "threads").map((row) => [row.id, row]));
  return folders.map((_, number) => rows.get(threadId(number)) ?? {});
}

Deno.test({
  name: "a .git that is a file names a folder as 0.169.0 reads it",
  ignore,
  async fn() {
    using home = new TemporaryHome();
    const top = join(home.top, "disk");
    Deno.mkdirSync(join(top, "target"), { recursive: true });
    Deno.writeTextFileSync(join(top, "tfile"), "x");
    Deno.symlinkSync(join(top, "target"), join(top, "tlink"));
    const folders = recorded.gits.map(({ text }, at) => {
      const folder = join(top, `c${at}`);
      Deno.mkdirSync(folder);
      Deno.writeTextFileSync(join(folder, ".git"), text.replaceAll("$D", top));
      return folder;
    });
    const rows = await rowsIn(home, folders);
    for (const [at, { text, paths }] of recorded.gits.entries()) {
      const found = String(rows[at]?.sandbox_policy).matchAll(/"path":"([^"]*)"/g);
      const spelled = Array.from(found, ([, path = ""]) => path.replaceAll(top, "$D").replace(`c${at}/`, "cwd/"));
      assertEquals([text, spelled], [text, paths]);
    }
  },
});

Deno.test({
  name: "a working directory is spelled as 0.169.0 spells it",
  ignore,
  async fn() {
    using home = new TemporaryHome();
    const top = join(home.top, "disk");
    for (const folder of ["c0", "c1", "target"]) Deno.mkdirSync(join(top, folder), { recursive: true });
    Deno.symlinkSync(join(top, "target"), join(top, "tlink"));
    const rows = await rowsIn(home, recorded.folders.map(({ cwd }) => cwd.replaceAll("$D", top)));
    for (const [at, { cwd, stored }] of recorded.folders.entries()) {
      assertEquals([cwd, String(rows[at]?.cwd).replaceAll(top, "$D")], [cwd, stored]);
    }
  },
});

Deno.test({
  name:
    "two slashes in front of the working directory of a session_meta stay, as 0.169.0 keeps those of //tmp and //bin",
  ignore,
  async fn() {
    using home = new TemporaryHome();
    const top = join(home.top, "disk");
    Deno.mkdirSync(join(top, "target"), { recursive: true });
    Deno.symlinkSync(join(top, "target"), join(top, "tlink"));
    const folders = [
      [`/${top}/target`, `/${top}/target`],
      [`/${top}/target/`, `/${top}/target`],
      [`/${top}/target/../tlink`, `/${top}/target`],
      [`//${top}/target`, `${top}/target`],
      [`/${top}/nowhere/`, `/${top}/nowhere/`],
    ] as const;
    for (const [number, [cwd]] of folders.entries()) {
      const about = { id: threadId(number), timestamp: "2026-01-02T03:04:05Z", originator: "o", cli_version: "v" };
      const line = { timestamp: "2026-05-04T01:02:20.404Z", type: "session_meta", payload: { ...about, cwd } };
      home.write(`sessions/rollout-2026-01-01T00-00-00-${threadId(number)}.jsonl`, `${JSON.stringify(line)}\n`);
    }
    await backfillCodex({ codexHome: home.path, db: home.db, compat: "0.169.0" });
    const found = new Map(rowsOf(home.db, "threads").map(({ id, cwd }) => [id, cwd]));
    for (const [number, [cwd, stored]] of folders.entries()) {
      assertEquals([cwd, found.get(threadId(number))], [cwd, stored]);
    }
  },
});
