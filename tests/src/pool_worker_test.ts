import { assert, assertEquals } from "@std/assert";
import { Extracted } from "../../src/pool/extracted.ts";
import { PoolWorker } from "../../src/pool/pool_worker.ts";
import type { Item } from "../../src/source.ts";
import { Counters } from "./pool_plugins/counting_source.ts";
import type { ThreadedRow } from "./pool_plugins/extractor.ts";

Deno.test("a worker thread that is cancelled answers with what it made, and begins no other item", async () => {
  const counters = new Counters();
  const module = (name: string, options?: object) => ({
    url: new URL(`./pool_plugins/${name}`, import.meta.url).href,
    options,
  });
  const worker = new PoolWorker<Item, ThreadedRow>({
    source: module("counting_source.ts", { shared: counters.shared }),
    extractor: module("extractor.ts"),
    version: "text/1",
  });
  try {
    const tasks = Array.from({ length: 1_000 }, (_, at) => ({
      item: { watermark: `${at}`, fingerprint: "1", location: "pause 5", size: 1 },
    }));
    const answers = [worker.extract({ tasks, bytes: 1 }), worker.extract({ tasks, bytes: 1 })];
    while (counters.opened === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    worker.cancel();
    const [first, second] = await Promise.all(answers);
    assert(first && second);
    assert(first.count > 0 && first.count < tasks.length, `it made ${first.count} of ${tasks.length}`);
    assertEquals(
      new Extracted(tasks.length, first).take().map(({ watermark }) => watermark),
      tasks.slice(0, first.count).map(({ item }) => item.watermark),
    );
    assertEquals(second.count, 0);
  } finally {
    worker.terminate();
  }
});
