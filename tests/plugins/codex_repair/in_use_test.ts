/**
 * What is found of threads that a Codex is at meanwhile is no difference, and what is found of others is; of both, `verify` says what to do.
 */
import { assertEquals } from "@std/assert";
import { answerVerify } from "../../../plugins/codex_repair/answer_verify.ts";
import type { StateRow } from "../../../plugins/codex_repair/contract.ts";
import type { Findings, GoneThread, Place, ThreadChange } from "../../../plugins/codex_repair/findings.ts";
import { apartFromInUse } from "../../../plugins/codex_repair/in_use.ts";
import { threadId } from "../../home.ts";
import { thread } from "../store_codex_state/database.ts";
import { TARGET } from "./plugins.ts";

function row(number: number, differing: Partial<StateRow> = {}): StateRow {
  return { ...thread(threadId(number), number), attached_thread_parent_id: null, ...differing };
}

/** A change to a row by a rollout that was last modified then when it was read. */
function change(number: number, before: StateRow | undefined, path = "/nowhere", modifiedMs = 0): ThreadChange {
  const id = threadId(number), name = "rollout.jsonl";
  const item = { watermark: name, name, fingerprint: "", location: path, size: 1, modifiedMs, archived: false };
  const extraction = () => ({
    key: id,
    row: thread(id, number),
    rank: "",
    records: 1,
    malformed: 0,
    unknown: {},
    bytesRead: 1,
  });
  const rollouts = [{ item, key: id, rank: "", segment: "", malformed: 0, edge: null, isFork: false, extraction }];
  return { id, kinds: [before ? "differing" : "missing"], path, rollouts, columns: [], before };
}

function finding(differing: Pick<Findings, "changes" | "gone"> & Partial<Findings>): Findings {
  const none = { duplicates: [], malformed: [], unreadable: [], elsewhere: [], notes: [], inUse: [], kept: [] };
  return { ...none, rollouts: 1, threads: 1, malformedLines: 0, ...differing };
}

async function apart(changes: ThreadChange[], later: StateRow[] | undefined, gone: GoneThread[] = []) {
  const found = await apartFromInUse(finding({ changes, gone }), later && { threads: () => later });
  return [found.changes.map(({ id }) => id), found.gone.map(({ id }) => id), found.inUse.length];
}

Deno.test("apartFromInUse: a row that was changed, made or removed meanwhile is in use, one that is as it was differs", async () => {
  const changes = [change(1, row(1)), change(2, row(2)), change(3, undefined), change(4, undefined), change(5, row(5))];
  const later = [row(1), row(2, { updated_at_ms: 5 }), row(3), row(9)];
  assertEquals(await apart(changes, later), [[threadId(1), threadId(4)], [], 3]);
});

Deno.test("apartFromInUse: what would be kept in a row is not told of one in use", async () => {
  const kept = [1, 2].map((number) => ({ id: threadId(number), values: [] }));
  const changes = [change(1, row(1)), change(2, row(2))], later = [row(1), row(2, { updated_at_ms: 5 })];
  const found = await apartFromInUse(finding({ changes, gone: [], kept }), { threads: () => later });
  assertEquals(found.kept.map(({ id }) => id), [threadId(1)]);
});

Deno.test("apartFromInUse: a row is gone no more that was removed meanwhile, or names another file", async () => {
  const gone = [1, 2, 3].map((number) => ({ id: threadId(number), path: "/gone" }));
  const later = [row(1, { rollout_path: "/gone" }), row(2, { rollout_path: "/there" })];
  assertEquals(await apart([], later, gone), [[], [threadId(1)], 0]);
});

Deno.test("apartFromInUse: a rollout that has grown since it was read is in use, unless its row is missing all the same", async () => {
  const path = Deno.makeTempFileSync();
  try {
    const { mtime } = Deno.statSync(path), now = Number(mtime);
    const changes = [
      change(1, row(1), path, now - 1),
      change(2, row(2), path, now),
      change(3, undefined, path, now - 1),
    ];
    assertEquals(await apart(changes, undefined), [[threadId(2), threadId(3)], [], 1]);
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test("apartFromInUse: a folder, or a link, where a Codex would decompress a rollout is no rollout that has grown", async () => {
  const folder = Deno.makeTempDirSync(), path = `${folder}/rollout.jsonl.zst`, plain = `${folder}/rollout.jsonl`;
  try {
    Deno.writeTextFileSync(path, "");
    Deno.utimeSync(path, 1, 1);
    const found = () => apart([change(1, row(1), path, 1000)], undefined);
    Deno.mkdirSync(plain);
    assertEquals(await found(), [[threadId(1)], [], 0]);
    Deno.removeSync(plain);
    Deno.writeTextFileSync(`${folder}/other`, "");
    Deno.symlinkSync("other", plain);
    assertEquals(await found(), [[threadId(1)], [], 0]);
    Deno.removeSync(plain);
    Deno.writeTextFileSync(plain, "");
    assertEquals(await found(), [[], [], 1]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("verify() says to look again, not that there is nothing to do, where all that was found is in use", () => {
  const gathered = { read: [], failed: [], problems: [], passedOver: [], after: null, interrupted: false };
  const about = {
    target: TARGET,
    threadCount: 2,
    backfill: null,
    lease: "complete",
    isBehind: false,
    gathered,
  } as const;
  const place = { path: "/a", reason: "a Codex wrote to it" };
  const said = (inUse: Place[]) => {
    const { lines, exitCode } = answerVerify({ ...about, findings: finding({ changes: [], gone: [], inUse }) });
    return [lines.at(-1), exitCode];
  };
  const equal = "The database says what the rollouts say";
  assertEquals(said([]), [`${equal}. There is nothing to do.`, 0]);
  assertEquals(said([place]), [`${equal}, but for 1 thread in use: look again when Codex is done with it.`, 0]);
  assertEquals(said([place, place]), [
    `${equal}, but for 2 threads in use: look again when Codex is done with them.`,
    0,
  ]);
});
