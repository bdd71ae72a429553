/**
 * What depends on the disk of the day: which folder the file `.git` of a worktree names, and how a working directory is spelled.
 * What 0.169.0 itself made of them stands in `this_disk.json`, where `$D` is the folder that holds everything.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { backfillCodex } from "../../../mod.ts";
import { isOnNetwork } from "../../../plugins/extractor_codex/disk.ts";
import { TemporaryHome, threadId } from "../../home.ts";
import { rowsOf } from "../store_sqlite/database.ts";
import recorded from "./this_disk.json" with { type: "json" };

const ignore = Deno.build.os === "windows";

/** A home, and beside it a disk with some folders, a file and a link. */
class HomeWithDisk extends TemporaryHome {
  /** The folder that holds the disk. */
  readonly disk = join(this.top, "disk");

  constructor() {
    super();
    for (const folder of ["c0", "c1", "target"]) Deno.mkdirSync(join(this.disk, folder), { recursive: true });
    Deno.writeTextFileSync(join(this.disk, "tfile"), "x");
    Deno.symlinkSync(join(this.disk, "target"), join(this.disk, "tlink"));
  }

  /** The rows of threads of one line each. */
  async rowsOf(type: string, payloads: readonly Record<string, unknown>[]): Promise<Record<string, unknown>[]> {
    for (const [number, payload] of payloads.entries()) {
      const line = { timestamp: "2026-05-04T01:02:20.404Z", type, payload };
      this.write(`sessions/rollout-2026-01-01T00-00-00-${threadId(number)}.jsonl`, `${JSON.stringify(line)}\n`);
    }
    await backfillCodex({ codexHome: this.path, db: this.db, compat: "0.169.0" });
    const rows = new Map(rowsOf(this.db, "threads").map((row) => [row.id, row]));
    return payloads.map((_, number) => rows.get(threadId(number)) ?? {});
  }
}

Deno.test("no share of another machine is looked at, to which Windows would connect", () => {
  const shares = ["\\\\host\\share", "//host/share", "\\/host/share"], local = ["C:\\demo", "\\demo", "/demo", ""];
  for (const path of [...shares, ...local]) assertEquals(isOnNetwork(path, "windows"), shares.includes(path), path);
  for (const path of [...shares, ...local]) assertEquals(isOnNetwork(path, "linux"), false, path);
});

/** A turn in a folder, in which others may be written as well. */
function turnIn(cwd: string, writable_roots: readonly string[] = []): Record<string, unknown> {
  const sandbox = { type: "workspace-write", writable_roots, network_access: false };
  const policy = { ...sandbox, exclude_tmpdir_env_var: true, exclude_slash_tmp: true };
  return { cwd, approval_policy: "never", sandbox_policy: policy, model: "m", summary: "auto" };
}

Deno.test({
  name: "a .git that is a file names a folder as 0.169.0 reads it",
  ignore,
  async fn() {
    using home = new HomeWithDisk();
    const { disk } = home;
    const folders = recorded.gits.map(({ text }, at) => {
      const folder = join(disk, `c${at}`);
      Deno.mkdirSync(folder, { recursive: true });
      Deno.writeTextFileSync(join(folder, ".git"), text.replaceAll("$D", disk));
      return folder;
    });
    const rows = await home.rowsOf("turn_context", folders.map((folder) => turnIn(folder)));
    for (const [at, { text, paths }] of recorded.gits.entries()) {
      const found = String(rows[at]?.sandbox_policy).matchAll(/"path":"([^"]*)"/g);
      const spelled = Array.from(found, ([, path = ""]) => path.replaceAll(disk, "$D").replace(`c${at}/`, "cwd/"));
      assertEquals([text, spelled], [text, paths]);
    }
  },
});

Deno.test({
  name: "a folder that stays read-only in a writable one is writable as a root of its own, as to 0.169.0",
  ignore,
  async fn() {
    using home = new HomeWithDisk();
    const { disk } = home, here = (path: string) => path.replaceAll("$D", disk);
    for (const folder of ["repo/.git", "repo/.agents", "repo/.codex", "repo/.aws", "wt", "empty"]) {
      Deno.mkdirSync(join(disk, folder), { recursive: true });
    }
    Deno.writeTextFileSync(join(disk, "wt", ".git"), `gitdir: ${join(disk, "repo", ".git")}\n`);
    Deno.symlinkSync(join(disk, "repo"), join(disk, "link"));
    const turns = recorded.roots.map(({ cwd, roots }) => turnIn(here(cwd), roots.map(here)));
    const rows = await home.rowsOf("turn_context", turns);
    for (const [at, { cwd, roots, paths }] of recorded.roots.entries()) {
      const found = String(rows[at]?.sandbox_policy).matchAll(/"path":"([^"]*)"},"access":"(\w+)"/g);
      const entries = Array.from(found, ([, path = "", access]) => `${access} ${path.replaceAll(disk, "$D")}`);
      assertEquals([cwd, roots, entries], [cwd, roots, paths]);
    }
  },
});

Deno.test({
  name: "a working directory is spelled as 0.169.0 spells it",
  ignore,
  async fn() {
    using home = new HomeWithDisk();
    const { disk } = home;
    const turns = recorded.folders.map(({ cwd }) => turnIn(cwd.replaceAll("$D", disk)));
    const rows = await home.rowsOf("turn_context", turns);
    for (const [at, { cwd, stored }] of recorded.folders.entries()) {
      assertEquals([cwd, String(rows[at]?.cwd).replaceAll(disk, "$D")], [cwd, stored]);
    }
  },
});

Deno.test({
  name:
    "two slashes in front of the working directory of a session_meta stay, as 0.169.0 keeps those of //tmp and //bin",
  ignore,
  async fn() {
    using home = new HomeWithDisk();
    const { disk } = home;
    const folders = [
      [`/${disk}/target`, `/${disk}/target`],
      [`/${disk}/target/`, `/${disk}/target`],
      [`/${disk}/target/../tlink`, `/${disk}/target`],
      [`//${disk}/target`, `${disk}/target`],
      [`/${disk}/nowhere/`, `/${disk}/nowhere/`],
    ] as const;
    const about = { timestamp: "2026-01-02T03:04:05Z", originator: "o", cli_version: "v" };
    const rows = await home.rowsOf("session_meta", folders.map(([cwd], at) => ({ id: threadId(at), ...about, cwd })));
    for (const [at, [cwd, stored]] of folders.entries()) assertEquals([cwd, rows[at]?.cwd], [cwd, stored]);
  },
});
