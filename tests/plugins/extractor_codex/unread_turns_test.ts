/**
 * Turns that hold what this program cannot read, as those of a newer Codex may: the row says so of itself, for it must not go before
 * one that is better.
 */
import { assertEquals } from "@std/assert";
import { bytesOf, extract } from "./actual.ts";
import { line, META } from "./written_lines.ts";

const READABLE = {
  cwd: "/w",
  approval_policy: "never",
  sandbox_policy: { type: "danger-full-access" },
  model: "m",
  effort: "high",
};

/** What a row says of itself that turns give, and what it holds. */
async function notes(...turns: readonly Record<string, unknown>[]): Promise<unknown[]> {
  const lines = turns.map((turn) => line("turn_context", { ...READABLE, ...turn }));
  const { row } = await extract(bytesOf([META, ...lines, ""].join("\n")));
  return [row.has_unread_policy, row.has_unread_approval, row.has_unread_effort].map((note) => note === 1);
}

const ODD = { type: "enclave" };

for (
  const [what, turns, expected] of [
    ["that can be read", [{}], [false, false, false]],
    ["without an effort", [{ effort: null }], [false, false, false]],
    ["with a policy that is not known", [{ sandbox_policy: ODD }], [true, false, false]],
    ["without a policy", [{ sandbox_policy: undefined }], [true, false, false]],
    ["with a profile that is not known beside a policy", [{ permission_profile: ODD }], [true, false, false]],
    ["with files that are not known beside a policy", [{ file_system_sandbox_policy: ODD }], [true, false, false]],
    ["with an approval that is not known", [{ approval_policy: "auto-review" }], [false, true, false]],
    ["with an effort that is not known", [{ effort: ODD }], [false, false, true]],
    ["that can be read after others", [{ sandbox_policy: ODD, effort: ODD }, {}], [false, false, false]],
    ["that cannot be read after others", [{}, { sandbox_policy: ODD, approval_policy: ODD }], [true, true, false]],
  ] as const
) {
  Deno.test(`a row says what cannot be read of a turn ${what}`, async () => {
    assertEquals(await notes(...turns), [...expected]);
  });
}

Deno.test("a policy keeps its folders of another system", async () => {
  const sandbox_policy = { type: "workspace-write", writable_roots: ["D:\\extra"], network_access: true };
  const turn = line("turn_context", { ...READABLE, sandbox_policy });
  const { row } = await extract(bytesOf([META, turn, ""].join("\n")));
  const { file_system, network } = JSON.parse(row.sandbox_policy);
  const paths = file_system.entries.filter(({ access }: { access: string }) => access === "write")
    .map(({ path }: { path: { path?: string } }) => path.path ?? null);
  assertEquals([network, paths.includes("D:\\extra")], ["enabled", true]);
});
