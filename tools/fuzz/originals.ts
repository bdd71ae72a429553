/**
 * The rollouts that harm begins from: those of the conformance cases and of the examples, and some made-up ones.
 *
 * @module
 */
import { walkSync } from "@std/fs";
import { fromFileUrl, join } from "@std/path";
import { laterLine, messageLine, metaLine, threadId } from "../crash/rollout_lines.ts";
import { Random } from "../oracle/random.ts";

/** A rollout to begin from. */
export interface Original {
  /** The id of its thread, as it is written in it. */
  readonly id: string;
  /** Its lines. */
  readonly lines: readonly string[];
}

/** Longer ones are left out: many short rollouts find more than a few long ones. */
const LONGEST = 100_000;

/** Made-up rollouts. */
const MADE_UP = 40;

const ROLLOUT = /rollout-.*?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/;

/** Reads the originals; always the same ones in the same order. */
export function originals(): Original[] {
  return [...ofCases(), ...ofExamples(), ...madeUp()];
}

function ofCases(): Original[] {
  const folder = fromFileUrl(new URL("../../tests/conformance/cases", import.meta.url));
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  return names.flatMap((name) => {
    const { files = {} }: { files?: Record<string, unknown> } = JSON.parse(Deno.readTextFileSync(join(folder, name)));
    return Object.entries(files).flatMap(([path, text]) => typeof text === "string" ? original(path, text) : []);
  });
}

function ofExamples(): Original[] {
  const folder = fromFileUrl(new URL("../../examples/codex_home", import.meta.url));
  const paths = Array.from(walkSync(folder, { includeDirs: false }), ({ path }) => path).sort();
  return paths.flatMap((path) => original(path, Deno.readTextFileSync(path)));
}

function madeUp(): Original[] {
  const random = new Random(1);
  return Array.from({ length: MADE_UP }, (_, number) => {
    const id = threadId(number);
    const lines = [metaLine({ id, tools: number % 4 }), messageLine(`question ${number}`)];
    for (let second = 2; second < 12; second++) lines.push(laterLine(random, second));
    return { id, lines };
  });
}

function original(path: string, text: string): Original[] {
  const id = ROLLOUT.exec(path)?.[1];
  const lines = text.split("\n").filter((line) => line !== "");
  return id === undefined || text.length > LONGEST || lines.length === 0 ? [] : [{ id, lines }];
}
