/**
 * What Codex 0.169.0 looks up on the disk is named by rollouts: it is looked up only where that is allowed anyway, and never
 * waited for.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { THIS_DISK } from "../../plugins/extractor_codex/disk.ts";
import { faultTest } from "../faults/machine.ts";
import { makePipe } from "../pipe.ts";

Deno.test({
  name: "a path that a rollout names is not looked up without permission, and nobody is asked",
  permissions: { read: false },
  fn() {
    assertEquals([THIS_DISK.realPath("/"), THIS_DISK.kind("/"), THIS_DISK.text("/etc/hostname")], [
      undefined,
      undefined,
      undefined,
    ]);
  },
});

faultTest("a pipe or a large file that a rollout names is not read", withoutPipes(), async () => {
  const folder = Deno.makeTempDirSync(), pipe = join(folder, ".git"), large = join(folder, "large");
  await makePipe(pipe);
  Deno.writeTextFileSync(large, " ".repeat(1 << 20));
  assertEquals([THIS_DISK.kind(pipe), THIS_DISK.text(pipe), THIS_DISK.text(large)], ["file", undefined, undefined]);
  Deno.writeTextFileSync(large, "gitdir: /srv/x");
  assertEquals(THIS_DISK.text(large), "gitdir: /srv/x");
  Deno.removeSync(folder, { recursive: true });
});

function withoutPipes(): string | undefined {
  return Deno.build.os === "windows" ? "Windows has no pipes in folders" : undefined;
}
