import { backfill, memoryStore } from "@rollout/backfill";
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { headingExtractor, notesSource } from "../../examples/notes_source.ts";
import { denoRun } from "../child.ts";
import { TemporaryHome } from "../home.ts";

Deno.test("examples: the notes source lists notes at any depth, and only what changed is read again", async () => {
  using home = new TemporaryHome();
  home.write("b.md", "text\n# B\n# not this\n");
  home.write("a/c/d.md", "# D\n");
  home.write("a/no_note.txt", "# no");
  const bad = home.write("a/none.md", "nothing");
  const store = memoryStore<string>(), source = notesSource(home.path);
  const run = () => backfill({ source, extractor: headingExtractor, store });
  const first = await run();
  assertEquals([first.upserted, first.failed, first.lastWatermark], [2, 1, "b.md"]);
  assertEquals(Object.fromEntries(store.rows()), { "a/c/d.md": "D", "b.md": "B" });
  const [failure] = await store.failures();
  assertEquals([failure?.watermark, failure?.kind], ["a/none.md", "no-heading"]);
  const second = await run();
  assertEquals([second.scanned, second.skipped], [0, 3]);
  Deno.writeTextFileSync(bad, "# now it has one");
  Deno.removeSync(home.write("b.md", ""));
  const third = await run();
  assertEquals([third.scanned, third.upserted, third.gone], [1, 1, 1]);
  assertEquals(await store.failures(), []);
  assertEquals(store.row("b.md"), "B", "what is known of a note that is gone is kept");
});

Deno.test({
  name: "examples: the notes source tells of a note that is not there, and goes on",
  ignore: Deno.build.os === "windows",
  async fn() {
    using home = new TemporaryHome();
    Deno.writeTextFileSync(join(home.path, "a.md"), "# A");
    Deno.symlinkSync(join(home.path, "nowhere"), join(home.path, "b.md"));
    const problems: string[] = [];
    const report = await backfill({
      source: notesSource(home.path),
      extractor: headingExtractor,
      store: memoryStore<string>(),
      onEvent: (event) => event.type === "problem" && problems.push(event.problem.location),
    });
    assertEquals([report.upserted, problems], [1, [join(home.path, "b.md")]]);
  },
});

Deno.test("examples: the notes source runs as its first lines say", async () => {
  using home = new TemporaryHome();
  home.write("a.md", "# A");
  const module = fromFileUrl(new URL("../../examples/notes_source.ts", import.meta.url));
  const { code, stdout } = await denoRun(module, [home.path], { permissions: ["--allow-read"] }).output();
  assertEquals([code, new TextDecoder().decode(stdout)], [0, "notes: 1, without a heading: 0\na.md: A\n"]);
});
