/**
 * Rollouts of Windows: read there, and elsewhere.
 */
import { assertEquals } from "@std/assert";
import type { CodexThread } from "../../../mod.ts";
import { codexExtractor } from "../../../plugins/extractor_codex/mod.ts";
import { absolutePathOn } from "../../../plugins/extractor_codex/shapes/common.ts";
import { profileOfPolicy } from "../../../plugins/extractor_codex/shapes/permission_profile.ts";
import { REFUSED } from "../../../plugins/extractor_codex/shapes/shape.ts";
import { extractText } from "./extract_text.ts";
import { line, META } from "./written_lines.ts";

const ID = "019c0000-0000-7000-8000-000000000001";

const POLICY = {
  type: "workspace-write",
  writable_roots: ["D:\\extra"],
  network_access: true,
  exclude_tmpdir_env_var: true,
  exclude_slash_tmp: true,
} as const;

/** A rollout with a turn in a folder of Windows. */
const ROLLOUT = [
  META,
  line("turn_context", {
    cwd: "C:\\Users\\me\\proj",
    approval_policy: "never",
    sandbox_policy: POLICY,
    model: "m",
    effort: "high",
    summary: "auto",
  }),
  "",
].join("\n");

/** What a row says of its last turn, and the paths of its policy. */
function turnOf(row: CodexThread | null): unknown[] {
  const paths = [...row?.sandbox_policy.matchAll(/"path":("[^"]*")/g) ?? []].map(([, path]) =>
    JSON.parse(path ?? '""')
  );
  return [row?.model, row?.reasoning_effort, row?.approval_mode, paths];
}

Deno.test("an absolute path is one of the system that reads it", () => {
  const here = ["C:\\a", "c:/a", "\\\\host\\share\\a", "\\\\?\\C:\\a"],
    there = ["/a", "/"],
    nowhere = ["a", "C:", "C:a", "\\a", ""];
  const taken = (os: "windows" | "linux") =>
    [...here, ...there, ...nowhere].filter((path) => absolutePathOn(os)(path) !== REFUSED);
  assertEquals([taken("windows"), taken("linux")], [here, there]);
});

Deno.test("0.169.0 takes a turn in a folder with a drive on Windows, and nowhere else", async () => {
  using worker = await onWindows();
  const roots = ["D:\\extra", "C:\\Users\\me\\proj\\.codex"];
  assertEquals(turnOf(await worker.rowOf(ROLLOUT)), ["m", "high", "never", roots]);
  if (Deno.build.os === "windows") return;
  assertEquals(turnOf(await extractText(codexExtractor({ profile: "0.169.0" }), ROLLOUT, ID)), [
    null,
    null,
    "on-request",
    [],
  ]);
});

Deno.test("by default a turn of Windows is read anywhere, and its paths are spelled as there", async () => {
  const roots = ["D:\\extra", "C:\\Users\\me\\proj\\.codex"];
  assertEquals(turnOf(await extractText(codexExtractor(), ROLLOUT, ID)), ["m", "high", "never", roots]);
});

for (
  const [gitdir, folder] of [
    ["C:/main/.git/worktrees/w", "C:\\main\\.git\\worktrees\\w"],
    ["C:\\main\\.git\\worktrees\\w", "C:\\main\\.git\\worktrees\\w"],
    ["../main/.git/worktrees/w", "C:\\work\\main\\.git\\worktrees\\w"],
    ["C:/", null],
  ] as const
) {
  Deno.test(`a worktree on Windows names its folder as ${gitdir}`, () => {
    const cwd = "C:\\work\\tree", git = `${cwd}\\.git`;
    const there = new Map<string, "file" | "folder">([[git, "file"], [folder ?? "C:\\", "folder"]]);
    const disk = {
      realPath: () => undefined,
      kind: (path: string) => there.get(path),
      text: (path: string) => path === git ? `gitdir: ${gitdir}\n` : undefined,
    };
    const profile = profileOfPolicy({ ...POLICY, writable_roots: [] }, cwd, disk);
    const paths = [...JSON.stringify(profile).matchAll(/"path":("[^"]*")/g)].map(([, path]) =>
      JSON.parse(path ?? '""')
    );
    assertEquals(paths, [...folder === null ? [] : [folder], git, `${cwd}\\.codex`]);
  });
}

/** Starts a worker that is as on Windows. */
async function onWindows(): Promise<Disposable & { rowOf(text: string): Promise<CodexThread | null> }> {
  const worker = new Worker(new URL("./windows_worker.ts", import.meta.url), { type: "module" });
  const next = () =>
    new Promise<CodexThread | null>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
  await next();
  return {
    rowOf: (text) => {
      const answer = next();
      worker.postMessage(text);
      return answer;
    },
    [Symbol.dispose]: () => worker.terminate(),
  };
}
