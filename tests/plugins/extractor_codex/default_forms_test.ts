/**
 * What one version of Codex reads in an odd form, the default reads as well.
 */
import { assertEquals } from "@std/assert";
import { bytesOf, extract } from "./actual.ts";

const meta = (git: string): string =>
  `{"timestamp":"2026-05-06T01:02:03.004Z","type":"session_meta","payload":{"id":"019c0000-0000-7000-8000-000000000001",` +
  `"timestamp":"2026-05-05T01:02:03.456Z","cwd":"/q/w","originator":"o","cli_version":"9.9","git":${git}}}\n`;

/** What is written of git, and what Codex 0.169.0 stores of it. */
const GIT: Readonly<Record<string, readonly [sha: string | null, branch: string | null, origin: string | null]>> = {
  '["abc","main"]': ["abc", "main", null],
  '["abc","main",null]': ["abc", "main", null],
  '["abc","main","https://git.example/app.git"]': ["abc", "main", "https://git.example/app.git"],
};

for (const [git, stored] of Object.entries(GIT)) {
  Deno.test(`git that is the list ${git} is read by default as by Codex 0.169.0`, async () => {
    for (const profile of ["default", "0.169.0"] as const) {
      const { row } = await extract(bytesOf(meta(git)), { profile });
      assertEquals([row.git_sha, row.git_branch, row.git_origin_url], [...stored]);
    }
  });
}

const turn = (policy: string): string =>
  `{"timestamp":"2026-05-06T01:02:04.004Z","type":"turn_context","payload":{"cwd":"/q/w","approval_policy":"never",` +
  `"sandbox_policy":${policy},"model":"m","effort":"high","summary":"auto"}}\n`;

for (const network of ["null", '"restricted"', '"enabled"']) {
  Deno.test(`a read-only policy whose network_access is ${network} is read by default as by Codex 0.99.0`, async () => {
    const policy = `{"type":"read-only","network_access":${network}}`;
    const text = meta("null") + turn('{"type":"danger-full-access"}') + turn(policy);
    assertEquals((await extract(bytesOf(text), { profile: "0.99.0" })).row.sandbox_policy, '{"type":"read-only"}');
    const plain = meta("null") + turn('{"type":"read-only"}');
    assertEquals(
      (await extract(bytesOf(text), { profile: "default" })).row.sandbox_policy,
      (await extract(bytesOf(plain), { profile: "default" })).row.sandbox_policy,
    );
  });
}
