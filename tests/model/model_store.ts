/**
 * What a store must hold, worked out from the files of a home in the plainest way: the rules of DESIGN in a hundred lines.
 *
 * @module
 */
import type { RunHow } from "./actions.ts";
import { type ModelFile, pathOf, threadId, watermarkOf } from "./model_home.ts";

/** What the ledger knows of an item. */
interface ModelItem {
  readonly modifiedMs: number;
  readonly version: number;
  readonly failed: boolean;
  readonly attempts: number;
  readonly gone: boolean;
  readonly compressed: boolean;
  /** The file as it last gave a row; its path and compression are those of now. */
  readonly good: ModelFile | undefined;
}

/** The row of a thread. */
interface ModelRow {
  /** The item that gives it; `null` once that one is about another thread. */
  readonly giver: string | null;
  /** The file that it is of. */
  readonly file: ModelFile;
}

/** What a store holds. */
export interface ModelStore {
  readonly status: "none" | "running" | "complete";
  readonly lastWatermark: string | null;
  readonly items: ReadonlyMap<string, ModelItem>;
  /** The rows, by thread. */
  readonly rows: ReadonlyMap<number, ModelRow>;
}

/** A store before the first run. */
export const EMPTY: ModelStore = { status: "none", lastWatermark: null, items: new Map(), rows: new Map() };

/** The text of the first message in a file, which becomes the title. */
export function titleOf({ text, lines }: ModelFile): string {
  return lines > 1 ? `text ${text}` : "";
}

/** What a row says of a file, in the words of {@linkcode described}. */
function saidOf(file: ModelFile): string {
  const archived = file.folder.startsWith("archived") ? 1 : 0;
  return `"${titleOf(file)}", archived ${archived}, written ${file.modifiedMs}, last line ${lastRecordMs(file)}`;
}

/** When the last line was written, in milliseconds since the epoch. */
export function lastRecordMs({ lines }: ModelFile): number {
  return Date.UTC(2026, 0, 27, 12, 34, 56) + lines * 1000;
}

/** Compares by Unicode code point: as UTF-8, byte by byte. */
export function compareUtf8(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => new TextEncoder().encode(text));
  for (let at = 0;; at++) {
    const one = x?.[at], other = y?.[at];
    if (one !== other) return (one ?? -1) - (other ?? -1);
    if (one === undefined) return 0;
  }
}

/** Which of two items with one thread gives the row: the greater one. */
function compareClaims([oneKey, one]: Claim, [otherKey, other]: Claim): number {
  const rank = ({ good }: ModelItem) => good ? [Number(isNamed(good)), lastRecordMs(good), good.lines] : [];
  const [a, b] = [rank(one), rank(other)];
  const differs = a.findIndex((value, at) => value !== b[at]);
  const standing = ({ gone, failed }: ModelItem) => gone ? 0 : failed ? 1 : 2;
  return standing(one) - standing(other) || (a[differs] ?? 0) - (b[differs] ?? 0) ||
    compareUtf8(oneKey, otherKey);
}

type Claim = readonly [watermark: string, item: ModelItem];

function isNamed({ name, thread }: ModelFile): boolean {
  return name.endsWith(`${threadId(thread)}.jsonl`);
}

function claims({ items }: ModelStore, thread: number): Claim[] {
  return [...items].filter(([, { good }]) => good?.thread === thread).sort((a, b) => compareClaims(b, a));
}

/** What each thread's row says: which file gives it, and whether an item still does. */
export function rowsOf(store: ModelStore): Map<string, { file: ModelFile; giver: string | null; copies: string[] }> {
  return new Map([...store.rows].map(([thread, { file, giver }]) => {
    const copies = claims(store, thread).map(([watermark]) => watermark).filter((watermark) => watermark !== giver);
    return [threadId(thread), { file, giver, copies }];
  }));
}

/** Chooses who gives which row: the best of what is there. What is gone keeps its row until something that is there takes it. */
function chosen(store: ModelStore): ModelStore {
  const rows = new Map(store.rows);
  for (const [thread, { giver, file }] of rows) {
    if (giver !== null && store.items.get(giver)?.good?.thread !== thread) rows.set(thread, { giver: null, file });
  }
  for (const { good } of store.items.values()) {
    const [giver, best] = good ? claims(store, good.thread).find(([, { gone }]) => !gone) ?? [] : [];
    if (giver !== undefined && best?.good) rows.set(best.good.thread, { giver, file: best.good });
  }
  return { ...store, rows };
}

/**
 * The states that a store goes through in a run, the first as it was found. Whatever ends a run, the store is in one of them; if
 * nothing does, in the last.
 *
 * @returns The states, and whether the run is refused because the home is suddenly empty.
 */
export function runStates(
  found: ModelStore,
  files: readonly ModelFile[],
  version: number,
  { batch, retry, empty }: RunHow,
): { states: ModelStore[]; refused: boolean } {
  let now: ModelStore = { ...found, status: found.status === "none" ? "running" : found.status };
  const states = [found, now];
  const present = [...now.items].filter(([, { gone }]) => !gone).map(([watermark]) => watermark);
  if (files.length === 0 && present.length > 0 && !empty) return { states, refused: true };

  const listed = new Map(files.map((file) => [watermarkOf(file), file]));
  const due: ModelFile[] = [], refreshed: ModelFile[] = [];
  for (const [watermark, file] of [...listed].sort(([a], [b]) => compareUtf8(a, b))) {
    const item = now.items.get(watermark);
    if (isDue(now, watermark, item, file, version, retry)) due.push(file);
    else if (item && (item.gone || item.compressed !== file.compressed)) refreshed.push(file);
  }
  const gone = present.filter((watermark) => !listed.has(watermark));
  if (gone.length + refreshed.length > 0) states.push(now = mark(now, gone, refreshed));
  for (let from = 0; from < due.length; from += batch) {
    for (const file of due.slice(from, from + batch)) now = extract(now, file, version);
    states.push(now);
  }
  states.push({ ...now, status: "complete" });
  return { states, refused: false };
}

function isDue(
  { status, lastWatermark, items }: ModelStore,
  watermark: string,
  item: ModelItem | undefined,
  { modifiedMs, compressed }: ModelFile,
  version: number,
  retry: boolean,
): boolean {
  if (retry && item?.failed) return true;
  if (status !== "complete" && (lastWatermark === null || compareUtf8(watermark, lastWatermark) > 0)) return true;
  if (!item) return status === "complete" || items.size > 0;
  if (item.version !== version || item.modifiedMs !== modifiedMs) return true;
  return item.failed && item.compressed !== compressed;
}

function mark(store: ModelStore, gone: readonly string[], refreshed: readonly ModelFile[]): ModelStore {
  const items = new Map(store.items);
  for (const watermark of gone) {
    const item = items.get(watermark);
    if (item) items.set(watermark, { ...item, gone: true });
  }
  for (const file of refreshed) {
    const item = items.get(watermarkOf(file));
    const { compressed } = file;
    if (item) {
      const good = item.good && item.compressed !== compressed ? { ...item.good, compressed } : item.good;
      items.set(watermarkOf(file), { ...item, gone: false, compressed, good });
    }
  }
  return chosen({ ...store, items });
}

function extract(store: ModelStore, file: ModelFile, version: number): ModelStore {
  const watermark = watermarkOf(file), before = store.items.get(watermark);
  const { modifiedMs, compressed } = file;
  const failed = file.lines === 0;
  const attempts = failed ? (before?.attempts ?? 0) + 1 : 0;
  const good = failed ? before?.good : file;
  const items = new Map(store.items).set(watermark, {
    modifiedMs,
    version,
    failed,
    attempts,
    gone: false,
    compressed,
    good,
  });
  const lastWatermark = store.lastWatermark === null || compareUtf8(watermark, store.lastWatermark) > 0
    ? watermark
    : store.lastWatermark;
  return chosen({ ...store, items, lastWatermark });
}

/** A store as text, to be compared with the real one's. */
export function described(store: ModelStore): Record<string, unknown> {
  const items = [...store.items].sort(([a], [b]) => compareUtf8(a, b));
  const rows = [...rowsOf(store)].sort(([a], [b]) => compareUtf8(a, b));
  return {
    status: store.status,
    lastWatermark: store.lastWatermark,
    items: items.map(([watermark, { failed, attempts, gone, version }]) =>
      `${watermark}: ${failed ? `failed ${attempts}` : "done"}${gone ? ", gone" : ""}, version ${version}`
    ),
    rows: rows.map(([id, { file, giver }]) =>
      `${id}: ${pathOf(file)} of ${giver ?? "nobody"}, "${file.lines > 1 ? titleOf(file) : ""}", ` +
      `archived ${Number(file.folder.startsWith("archived"))}, written ${file.modifiedMs}, last line ${
        lastRecordMs(file)
      }`
    ),
    copies: rows.flatMap(([id, { copies }]) =>
      copies.map((watermark) => {
        const file = store.items.get(watermark)?.good;
        return `${watermark}: ${id}, ${file ? `${pathOf(file)}, ${saidOf(file)}` : ""}`;
      })
    ).sort(compareUtf8),
  };
}
