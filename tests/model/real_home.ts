/**
 * The model's home on a disk, and what a database on the same disk holds in the words of the model.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { zstdCompressSync } from "node:zlib";
import { type ModelFile, type ModelHome, pathOf, threadId } from "./model_home.ts";
import { lastRecordMs, titleOf } from "./model_store.ts";

/** Keeps a folder as a model says. */
export class RealHome {
  readonly #written = new Map<string, ModelFile>();

  /** Begins with an empty folder. */
  constructor(readonly path: string) {
    Deno.mkdirSync(path);
  }

  /** Makes the folder what the model is. */
  follow({ files }: ModelHome): void {
    const wanted = new Map(files.map((file) => [pathOf(file), file]));
    for (const path of this.#written.keys()) {
      if (wanted.has(path)) continue;
      Deno.removeSync(join(this.path, path));
      this.#written.delete(path);
    }
    for (const [path, file] of wanted) {
      if (this.#written.get(path) === file) continue;
      const full = join(this.path, path);
      Deno.mkdirSync(dirname(full), { recursive: true });
      const bytes = new TextEncoder().encode(textOf(file));
      Deno.writeFileSync(full, file.compressed ? zstdCompressSync(bytes) : bytes);
      const at = new Date(file.modifiedMs);
      Deno.utimeSync(full, at, at);
      this.#written.set(path, file);
    }
  }
}

function textOf(file: ModelFile): string {
  const lines = Array.from({ length: file.lines + 1 }, (_, at) => lineOf(file, at));
  const half = lines.pop() ?? "";
  return lines.map((line) => `${line}\n`).join("") + (file.torn ? half.slice(0, half.length / 2) : "");
}

function lineOf(file: ModelFile, at: number): string {
  const timestamp = new Date(lastRecordMs({ ...file, lines: at + 1 })).toISOString();
  const message = at === 1 ? titleOf({ ...file, lines: 2 }) : `line ${at}`;
  return JSON.stringify(
    at === 0
      ? {
        timestamp,
        type: "session_meta",
        payload: {
          id: threadId(file.thread),
          timestamp,
          cwd: "/srv/demo",
          originator: "codex_cli_rs",
          cli_version: "0.99.0",
          source: "cli",
          model_provider: "openai",
        },
      }
      : {
        timestamp,
        type: "event_msg",
        payload: { type: "user_message", message, images: null, local_images: [], text_elements: [] },
      },
  );
}

/** What a database holds, in the words of `described`. */
export function observed(db: string, home: string): Record<string, unknown> {
  const database = new DatabaseSync(db, { readOnly: true });
  try {
    const all = (sql: string) => database.prepare(sql).all();
    const hasTables = all("SELECT 1 FROM sqlite_schema WHERE name = 'copies'").length > 0;
    const [state] = hasTables ? all("SELECT status, last_watermark FROM backfill_state") : [];
    if (!state) return { status: "none", lastWatermark: null, items: [], rows: [], copies: [] };
    const said = (row: Record<string, unknown>) =>
      `"${row.title}", archived ${row.archived}, written ${row.updated_at_ms}, last line ${row.last_record_at_ms}`;
    const below = (path: unknown) => String(path).replace(`${home}/`, "");
    return {
      status: state.status,
      lastWatermark: state.last_watermark,
      items: all("SELECT * FROM ledger ORDER BY watermark").map((item) =>
        `${item.watermark}: ${item.outcome === "failed" ? `failed ${item.attempts}` : item.outcome}` +
        `${item.gone_at_ms === null ? "" : ", gone"}, version ${String(item.version).split("provider=p")[1]}`
      ),
      rows: all(
        "SELECT threads.*, watermark FROM threads LEFT JOIN ledger ON ledger.id = ledger_id ORDER BY threads.id",
      ).map((row) => `${row.id}: ${below(row.rollout_path)} of ${row.watermark ?? "nobody"}, ${said(row)}`),
      copies: all(
        "SELECT watermark, thread_id, row FROM copies JOIN ledger ON ledger.id = ledger_id ORDER BY watermark",
      )
        .map((copy) => {
          const row = JSON.parse(String(copy.row));
          return `${copy.watermark}: ${copy.thread_id}, ${below(row.rollout_path)}, ${said(row)}`;
        }),
    };
  } finally {
    database.close();
  }
}

/** Whether SQLite finds nothing wrong with a database. */
export function isSound(db: string): boolean {
  const database = new DatabaseSync(db, { readOnly: true });
  try {
    return database.prepare("PRAGMA integrity_check").get()?.integrity_check === "ok" &&
      database.prepare("PRAGMA foreign_key_check").all().length === 0;
  } finally {
    database.close();
  }
}
