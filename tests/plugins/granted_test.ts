/**
 * Asking what is allowed: of Deno, which keeps every path that it was asked about.
 */
import { assertEquals } from "@std/assert";
import { denoRun } from "../child.ts";

const MODULE = new URL("../../plugins/granted.ts", import.meta.url).href;

/** Asks in a process with some permissions, and tells of the answers and about how many paths Deno was asked. */
async function ask(permissions: readonly string[], paths: readonly string[]) {
  const file = Deno.makeTempFileSync({ suffix: ".ts" });
  try {
    Deno.writeTextFileSync(
      file,
      `import { isGranted } from ${JSON.stringify(MODULE)};
      const { permissions } = Deno, query = permissions.querySync.bind(permissions), asked = new Set();
      permissions.querySync = (descriptor) => (asked.add(descriptor.path), query(descriptor));
      const allowed = ${JSON.stringify(paths)}.map((path) => isGranted("read", path));
      asked.delete(undefined);
      console.log(JSON.stringify({ allowed, asked: asked.size }));`,
    );
    const { stdout } = await denoRun(file, [], { permissions }).output();
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    Deno.removeSync(file);
  }
}

for (
  const [permissions, allowed] of [
    [[], [false, false, false, false]],
    [["--allow-read"], [true, true, true, true]],
    [["--allow-read=/folder"], [true, true, true, false]],
    [["--allow-read=/folder/a/b"], [false, true, false, false]],
    [["--allow-read", "--deny-read=/folder/a/c"], [true, true, false, true]],
    [["--allow-read=/folder", "--deny-read=/folder/a/c"], [true, true, false, false]],
  ] as const
) {
  Deno.test({
    name: `isGranted: what is allowed by ${permissions.join(" ") || "nothing"}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      const answer = await ask(permissions, ["/folder", "/folder/a/b", "/folder/a/c", "/other/a"]);
      assertEquals(answer.allowed, [...allowed]);
    },
  });
}

Deno.test({
  name: "isGranted: Deno is asked about no file of a folder that is allowed",
  ignore: Deno.build.os === "windows",
  async fn() {
    const files = Array.from({ length: 100 }, (_, at) => `/folder/rollout-${at}.jsonl`),
      allowed = files.map(() => true);
    assertEquals(await ask(["--allow-read=/folder"], files), { allowed, asked: 1 });
    assertEquals(await ask(["--allow-read"], files), { allowed, asked: 0 });
  },
});
