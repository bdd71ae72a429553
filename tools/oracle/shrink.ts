/**
 * Makes a rollout that is judged differently as short as it stays so.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { concat } from "./bytes.ts";
import type { Codex } from "./install.ts";
import { judge } from "./judge.ts";

/**
 * Leaves out lines for as long as Codex and we still differ on what is left.
 *
 * @param codex The Codex.
 * @param home The home.
 * @param path The rollout, relative to the home.
 * @param provider The configured model provider.
 * @returns The bytes that are left, or `undefined` if the rollout alone makes no difference.
 */
export async function shrinkRollout(
  codex: Codex,
  home: string,
  path: string,
  provider: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const modified = (await Deno.stat(join(home, path))).mtime ?? new Date(0);
  const differs = async (bytes: Uint8Array<ArrayBuffer>): Promise<boolean> => {
    const alone = await Deno.makeTempDir({ prefix: "oracle-shrink-" });
    try {
      await Deno.mkdir(dirname(join(alone, path)), { recursive: true });
      await Deno.writeFile(join(alone, path), bytes);
      await Deno.utime(join(alone, path), modified, modified);
      return (await judge(codex, alone, provider)).differences.length > 0;
    } finally {
      await Deno.remove(alone, { recursive: true });
    }
  };

  let lines = splitLines(await Deno.readFile(join(home, path)));
  if (!await differs(concat(lines))) return undefined;
  for (let size = Math.ceil(lines.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < lines.length;) {
      const fewer = lines.toSpliced(at, size);
      if (fewer.length > 0 && await differs(concat(fewer))) lines = fewer;
      else at += size;
    }
  }
  return concat(lines);
}

/** Splits bytes after each line feed, so that nothing of them is lost. */
function splitLines(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const lines: Uint8Array<ArrayBuffer>[] = [];
  for (let start = 0; start < bytes.length;) {
    const feed = bytes.indexOf(10, start);
    const end = feed < 0 ? bytes.length : feed + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}
