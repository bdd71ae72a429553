/**
 * Reading zstd archives: whole, cut off, damaged, hostile.
 */
import { constants, zstdCompressSync } from "node:zlib";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { openZstd } from "../../../plugins/source_rollouts/zstd.ts";
import { ExtractionError } from "../../../src/errors.ts";
import type { ItemReader } from "../../../src/source.ts";
import { rolloutText, threadId } from "../../home.ts";
import {
  DICTIONARY,
  NOTHING,
  NUMBERS,
  ROLLOUT,
  ROLLOUT_IN_FRAMES,
  ROLLOUT_WITHOUT_CHECKSUM,
  WINDOW_128_MIB,
  WINDOW_2_GIB,
  ZEROS,
} from "./archives.ts";

const TEXT = rolloutText(threadId(1), "hello");
const NUMBERS_TEXT = Array.from({ length: 200_000 }, (_, at) => `${at % 1000}\n`).join("");

/** Opens an archive in a temporary file. It is read from its handle, so the file can go at once. */
async function open(archive: Uint8Array): Promise<ItemReader> {
  const path = Deno.makeTempFileSync();
  try {
    Deno.writeFileSync(path, archive);
    return await openZstd(path);
  } finally {
    Deno.removeSync(path);
  }
}

/** What reading an archive comes to: the text, or the kind of the failure and its reason. */
async function outcome(archive: Uint8Array, bufferSize = 100_000): Promise<string> {
  const reader = await open(archive);
  const decoder = new TextDecoder(), buffer = new Uint8Array(bufferSize);
  let text = "";
  try {
    for (let offset = 0;;) {
      const size = await reader.read(buffer, offset);
      if (size === null) return text;
      assert(size > 0 && size <= bufferSize);
      text += decoder.decode(buffer.subarray(0, size), { stream: true });
      offset += size;
    }
  } catch (error) {
    if (error instanceof ExtractionError) return `${error.kind}: ${error.message}`;
    throw error;
  } finally {
    await reader.close();
  }
}

function changed(archive: Uint8Array, at: number): Uint8Array {
  return archive.map((byte, index) => index === (at < 0 ? archive.length + at : at) ? byte ^ 1 : byte);
}

function join(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

const END = "the archive ends before its last frame is complete";

Deno.test("openZstd() reads one frame, several, and what lies between them", async () => {
  assertEquals(await outcome(ROLLOUT), TEXT);
  assertEquals(await outcome(ROLLOUT_WITHOUT_CHECKSUM), TEXT);
  assertEquals(await outcome(ROLLOUT_IN_FRAMES), TEXT);
  assertEquals(await outcome(join(NOTHING, ROLLOUT, ROLLOUT, NOTHING)), TEXT + TEXT);
  assertEquals(await outcome(NOTHING), "");
  assertEquals(await outcome(WINDOW_128_MIB), "abc");
});

Deno.test("openZstd() gives the same bytes whatever the size of the buffer", async () => {
  for (const size of [777, 131_072, 1 << 20]) assertEquals(await outcome(NUMBERS, size), NUMBERS_TEXT);
  assertEquals(await outcome(ROLLOUT, 1), TEXT);
});

Deno.test("openZstd() fails on an archive that was cut off anywhere", async () => {
  for (let size = 0; size < ROLLOUT.length; size++) {
    assertEquals(await outcome(ROLLOUT.subarray(0, size)), `truncated-archive: ${END}`, `cut to ${size} bytes`);
  }
  const framed = new Set<string>();
  for (let size = 1; size < ROLLOUT_IN_FRAMES.length; size++) {
    framed.add(await outcome(ROLLOUT_IN_FRAMES.subarray(0, size)));
  }
  // Between two frames an archive is whole, if shorter.
  assertEquals([...framed].sort(), [`truncated-archive: ${END}`, TEXT.slice(0, TEXT.indexOf("\n") + 1)]);
});

Deno.test("openZstd() fails on an archive with a wrong byte anywhere", async () => {
  for (let at = 0; at < ROLLOUT.length; at++) {
    const found = await outcome(changed(ROLLOUT, at));
    // One bit of the header says nothing that this archive depends on.
    const harmless = at === 5 && found === TEXT;
    assert(/^(truncated|corrupt|unsupported)-archive: /.test(found) || harmless, `byte ${at}: ${found}`);
  }
});

/** Text in one frame, with a checksum. */
const compressed = (text: string): Uint8Array =>
  Uint8Array.from(zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }));

Deno.test("openZstd() fails on a large archive with damage anywhere, and on its checksum", async () => {
  let state = 7;
  const number = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0).toString(16).padStart(8, "0");
  const text = Array.from({ length: 250_000 }, number).join("");
  const archive = compressed(text);
  assertEquals(await outcome(archive), text);
  for (let at = 1000; at < archive.length; at += 30_000) {
    const damaged = archive.map((byte, index) => index >= at && index < at + 60 ? byte ^ 255 : byte);
    assertMatch(await outcome(damaged), /^(truncated|corrupt)-archive: /, `from byte ${at}`);
  }
  assertMatch(await outcome(changed(compressed("\0".repeat(1_400_000)), -1)), /^corrupt-archive: /);
});

Deno.test("openZstd() reads on after many archives that were damaged", async () => {
  for (let count = 0; count < 30; count++) assertMatch(await outcome(changed(ROLLOUT, -1)), /^corrupt-archive: /);
  assertEquals(await outcome(ROLLOUT), TEXT);
  assertEquals(await outcome(join(NOTHING, ROLLOUT_WITHOUT_CHECKSUM, NOTHING, ROLLOUT_IN_FRAMES)), TEXT + TEXT);
});

Deno.test("openZstd() fails again where it failed", async () => {
  const reader = await open(join(changed(ROLLOUT, -1), ROLLOUT));
  const fails = (offset: number) =>
    assertRejects(async () => await reader.read(new Uint8Array(1000), offset), ExtractionError, "checksum");
  await fails(TEXT.length);
  for (const offset of [0, 0, TEXT.length]) await fails(offset);
  await reader.close();
});

Deno.test("openZstd() lets timers and signals have their turn while it finds nothing", async () => {
  const skippable = new Uint8Array([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);
  for (const [part, times] of [[NOTHING, 3_000], [skippable, 20_000]] as const) {
    const archive = new Uint8Array(part.length * times);
    for (let at = 0; at < archive.length; at += part.length) archive.set(part, at);
    let turns = 0;
    const timer = setInterval(() => turns++);
    assertEquals(await outcome(join(archive, ROLLOUT)), TEXT);
    clearInterval(timer);
    assert(turns >= 2, `${turns} turns`);
  }
});

Deno.test("openZstd() says what is wrong", async () => {
  const wrongChecksum =
    "corrupt-archive: the archive is damaged: Zstd decompress error: Restored data doesn't match checksum";
  assertEquals(await outcome(changed(ROLLOUT, -1)), wrongChecksum);
  assertEquals(await outcome(join(ROLLOUT, changed(ROLLOUT, -1))), wrongChecksum);
  const text = (text: string) => new TextEncoder().encode(text);
  assertEquals(await outcome(text(TEXT)), "corrupt-archive: it is not a zstd archive");
  for (const junk of ["\n", "more text"]) {
    assertEquals(
      await outcome(join(ROLLOUT, text(junk))),
      `corrupt-archive: what follows byte ${ROLLOUT.length} is not a frame`,
    );
  }
  assertEquals(await outcome(join(ROLLOUT, ROLLOUT.subarray(0, 2))), `truncated-archive: ${END}`);
  assertEquals(
    await outcome(WINDOW_2_GIB),
    "unsupported-archive: the archive cannot be read: it needs 2048 MiB of memory; 128 MiB are allowed",
  );
  assertEquals(await outcome(DICTIONARY), "unsupported-archive: the archive cannot be read: it needs a dictionary");
});

Deno.test("openZstd() gives what comes before the damage", async () => {
  const reader = await open(join(ROLLOUT, changed(ROLLOUT, -1)));
  const buffer = new Uint8Array(TEXT.length);
  assertEquals(await reader.read(buffer, 0), TEXT.length);
  assertEquals(new TextDecoder().decode(buffer), TEXT);
  await reader.close();
});

Deno.test("openZstd() reads from any offset", async () => {
  const reader = await open(NUMBERS);
  const at = async (offset: number) => {
    const buffer = new Uint8Array(10);
    const size = await reader.read(buffer, offset);
    return size === null ? null : new TextDecoder().decode(buffer.subarray(0, size));
  };
  for (const offset of [0, 10, 500_000, 20, 0, 700_000, NUMBERS_TEXT.length - 10, 400_000]) {
    const text = await at(offset);
    assert(text !== null && NUMBERS_TEXT.startsWith(text, offset), `${text} at ${offset}`);
  }
  assertEquals(await at(NUMBERS_TEXT.length), null);
  assertEquals(await at(NUMBERS_TEXT.length + 9), null);
  assertEquals(await at(0), "0\n1\n2\n3\n4\n");
  await reader.close();
});

Deno.test("openZstd() needs no more memory for a bomb: 1 GiB out of 33 KB", async () => {
  const reader = await open(join(...Array.from({ length: 16 }, () => ZEROS)));
  const buffer = new Uint8Array(256 << 10);
  const before = Deno.memoryUsage().rss;
  let offset = 0, most = before;
  for (let size = await reader.read(buffer, 0); size !== null; size = await reader.read(buffer, offset)) {
    offset += size;
    most = Math.max(most, Deno.memoryUsage().rss);
  }
  await reader.close();
  assertEquals(offset, 1 << 30);
  assert(most - before < 256 << 20, `${(most - before) >> 20} MiB more`);
});
