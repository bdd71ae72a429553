/**
 * Where what a fork copied of its parent ends, to the millisecond and to the version, and whose a total is.
 */
import { assertEquals } from "@std/assert";
import { later, lines, said, singleRequest, what } from "./fork_lines.ts";

/** The same, as another version would have written it. */
function of(version: string, [meta = "", ...rest]: readonly string[]): string[] {
  return [meta.replace(/(?<="cli_version":")[^"]*/, version), ...rest];
}

for (
  const [ms, isPause] of [[8, false], [19, false], [25, true], [500, true]] as const
) {
  Deno.test(`a pause of ${ms} ms ${isPause ? "ends" : "does not end"} a copy of before turns had ids`, async () => {
    const fork = later(lines("0.99-fork"), 14, ms);
    assertEquals(
      await what(fork),
      isPause ? said("second: run a command", 3780 - 420) : said("the fork goes on", 3780 - 2160),
    );
  });
}

Deno.test("a pause of more than a second ends a copy whose turns have ids", async () => {
  assertEquals(await what(later(lines("0.169-legacy-fork"), 3, 1100)), said("in legacy mode", 1140));
});

Deno.test("the last prompt of a copy is the fork's own if what follows it came 12 ms later, and not 9 ms later", async () => {
  // In the file it came 19 ms later.
  const fork = lines("0.99-fork").slice(0, 36);
  assertEquals(await what(later(fork, 35, 12 - 19)), said("the fork goes on", 0));
  assertEquals(await what(later(fork, 35, 9 - 19)), said("first question", 0));
});

Deno.test("a line of a copy whose time cannot be read does not end it", async () => {
  const fork = lines("0.99-fork");
  fork[11] = (fork[11] ?? "").replace(/(?<=^{"timestamp":")[^"]*/, "odd");
  assertEquals(await what(fork), said("the fork goes on", 3780 - 2160));
});

Deno.test("an id of a turn in which there is no time does not say where a copy ends", async () => {
  const random = '"turn_id":"ffffffff-0000-4000-8000-000000000000"';
  const fork = lines("0.169-legacy-fork")
    .map((line, at) => at > 1 && at < 19 ? line.replaceAll(/"turn_id":"[^"]*"/g, random) : line);
  assertEquals(await what(fork), said("a fork of it", 1140 - 420));
});

Deno.test("a session_meta without an id begins no copy", async () => {
  const [own = "", parent = "", ...rest] = lines("0.99-fork");
  const odd = parent.replace(/"id":"[^"]*",/, '"id":null,');
  assertEquals(await what([own, odd, ...rest.slice(0, 12)]), said("first question", 420));
});

for (
  const [placeholder, content] of [
    ["[Image]", { images: ["data:image/png;base64,AA=="] }],
    ["[Audio]", { audio: ["data:audio/wav;base64,AA=="] }],
  ] as const
) {
  Deno.test(`a fork of 0.99 whose own first prompt has no text is called ${placeholder}`, async () => {
    const fork = lines("0.99-fork");
    const payload = { type: "user_message", message: "", images: [], local_images: [], text_elements: [], ...content };
    fork[34] = JSON.stringify({ ...JSON.parse(fork[34] ?? ""), payload });
    assertEquals(await what(fork), ["", placeholder, placeholder, 3780 - 2160]);
  });
}

Deno.test("from 0.154 on the first total of a paginated fork goes on from its parent's", async () => {
  for (const version of ["0.154.0", "0.154.0-alpha.1", "1.0.0"]) {
    assertEquals([version, await what(of(version, singleRequest().slice(0, 8)))], [version, said("limited", 0)]);
  }
});

Deno.test("where the version of a paginated fork tells nothing, its first total says whether it goes on from its parent's", async () => {
  assertEquals(await what(of("dev", lines("0.169-limited-fork").slice(0, 8))), said("limited", 0));
  assertEquals(await what(of("dev", lines("0.150-limited-fork"))), said("limited", 1320));
});

Deno.test("what another thread requested is not a fork's own first request", async () => {
  const fork = singleRequest(), record = JSON.parse(fork.find((line) => line.includes('"token_usage_record"')) ?? "");
  record.payload.thread_id = "01a2226c-0000-7000-8000-000000000000";
  assertEquals(await what(fork.toSpliced(6, 0, JSON.stringify(record))), said("limited", 1420));
});
