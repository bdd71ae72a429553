/**
 * The real Codex, of both versions, and our command make the same of rollouts that its CLIs have just written.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { finish } from "../../tools/oracle/children.ts";

Deno.test({
  name: "the oracle, quickly",
  ignore: Deno.build.os !== "linux",
  async fn(t) {
    const map = Deno.env.get("BACKFILL_IMPORT_MAP");
    const { code, stdout, stderr } = await finish(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        ...(map ? [`--import-map=${map}`] : []),
        "-A",
        fromFileUrl(new URL("../../tools/oracle/main.ts", import.meta.url)),
        "--quick",
      ],
      env: { NO_COLOR: "1" },
    }, 600_000);
    const skipped = /^oracle skipped: .*$/m.exec(stdout)?.[0];
    if (skipped !== undefined) {
      console.log(skipped);
      await t.step({ name: skipped, ignore: true, fn() {} });
      return;
    }
    assertEquals(code, 0, `${stdout}\n${stderr}`);
    for (const version of ["0.99.0", "0.169.0"]) {
      const [, threads] = new RegExp(`^${version}: (\\d+) threads, no difference$`, "m").exec(stdout) ?? [];
      assert(Number(threads) > 10, stdout);
    }
    assertMatch(stdout, /playing: exec: a sub-agent/);
  },
});
