import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { backfillCodex } from "../../mod.ts";
import { appendLine, type CorpusShape, writeCorpus } from "../../tools/bench/corpus.ts";
import { parseOptions, UsageError } from "../../tools/bench/options.ts";
import { files } from "../../tools/bench/references/files.ts";
import { DisagreementError, median, Samples } from "../../tools/bench/results.ts";
import { table } from "../../tools/bench/table.ts";

const SHAPE: CorpusShape = { name: "test", files: 12, bytes: 600_000 };

function contents(home: string): Map<string, string> {
  return new Map(
    [...files(home)].sort().map((path) => [path.slice(home.length), Deno.readTextFileSync(path)]),
  );
}

Deno.test("writeCorpus() writes the same bytes for the same seed, and others for another", () => {
  const folder = Deno.makeTempDirSync();
  const [first, again, other] = [["a", 1], ["b", 1], ["c", 2]].map(([name, seed]) =>
    contents(writeCorpus(join(folder, String(name)), SHAPE, Number(seed)).home)
  );
  assertEquals(first, again);
  assert(first?.size === 12 && other?.size === 12);
  assert([...first.values()].every((text) => ![...other.values()].includes(text)));
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("writeCorpus() writes rollouts in both dialects, of which every line is JSON and every file gives a row", async () => {
  const folder = Deno.makeTempDirSync();
  const { home, one, bytes } = writeCorpus(join(folder, "home"), SHAPE, 3);
  const texts = [...contents(home).values()];
  assertEquals(texts.reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0), bytes);
  const heads = texts.map((text) => {
    const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert(lines.some(({ payload }) => payload.type === "token_count"));
    return lines[0].payload.history_mode ?? "legacy";
  });
  assertEquals([heads.filter((mode) => mode === "legacy").length, new Set(heads).size], [6, 2]);

  const db = join(folder, "db.sqlite");
  const run = () => backfillCodex({ codexHome: home, db });
  const first = await run();
  assertEquals([first.upserted, first.failed, first.malformed, first.unknown], [12, 0, 0, {}]);
  {
    using _appended = appendLine(one);
    assertEquals((await run()).upserted, 1);
  }
  assertEquals([...contents(home).values()], texts);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("median() is the middle one, or between the two in the middle", () => {
  assertEquals([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])], [2, 2.5, 7]);
});

Deno.test("Samples gives medians, and the peak of the round that was not timed, and ends where somebody missed a rollout", () => {
  const samples = new Samples();
  samples.addPeak("ours", { ms: 99, peakBytes: 9, rows: 12 });
  samples.add("ours", { ms: 30, peakBytes: null, rows: 12 });
  samples.add("ours", { ms: 10, peakBytes: null, rows: 12 });
  samples.add("ours", { ms: 20, peakBytes: null, rows: 12 });
  samples.add("theirs", { ms: 50, peakBytes: null, rows: null });
  const result = samples.summarize(SHAPE);
  assertEquals(result.results.map(({ ms, peakBytes, rows }) => [ms, peakBytes, rows]), [[20, 9, 12], [50, null, null]]);
  assertEquals(table(result, "ours").split("\n")[3], "| theirs | 0.050 s |    2.50× |     unknown |          |");
  samples.add("theirs", { ms: 50, peakBytes: null, rows: 11 });
  assertThrows(() => samples.summarize(SHAPE), DisagreementError, "theirs found 11 rollouts of 12");
});

Deno.test("parseOptions() of the benchmark", () => {
  assertEquals(parseOptions([])?.rounds, 5);
  assertEquals(parseOptions(["--quick", "--corpus", "small", "--corpus", "many"])?.corpora, ["small", "many"]);
  assertEquals(parseOptions(["--help"]), undefined);
  for (const wrong of [["--rounds", "0"], ["--seed", "x"], ["--fast"]]) {
    assertThrows(() => parseOptions(wrong), UsageError);
  }
});
