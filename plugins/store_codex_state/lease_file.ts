/**
 * The lease of those who write to Codex's database by this program. Codex's tables have no place for it, so it is a file beside
 * the database, only looked at and changed by whoever has SQLite's lock for writing.
 *
 * @module
 */
import type { LeaseHolder } from "../../src/store.ts";
import { removeIfThere } from "./remove_if_there.ts";

/** What the file holds. */
export interface LeaseRecord {
  /** The source it is for. */
  readonly source: string;
  /** The fencing token. */
  readonly fence: number;
  /** Who has it. */
  readonly holder: LeaseHolder;
  /** The highest watermark committed so far, or `null`. */
  readonly watermark: string | null;
  /** Whether the holder made Codex's own backfill `running`. */
  readonly marksRunning: boolean;
}

/** The file of one database. */
export class LeaseFile {
  readonly #path: string;

  /** The file beside a database. */
  constructor(database: string) {
    this.#path = `${database}.backfill-lease`;
  }

  /** Reads the lease; `null` if there is none. */
  read(): LeaseRecord | null {
    let text: string;
    try {
      text = Deno.readTextFileSync(this.#path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
    return parse(text);
  }

  /** Writes the lease, whole or not at all. */
  write(record: LeaseRecord): void {
    const partial = `${this.#path}.partial`;
    removeIfThere(partial);
    // A link that somebody put there would be followed.
    Deno.writeTextFileSync(partial, JSON.stringify(record), { createNew: true, mode: 0o600 });
    Deno.renameSync(partial, this.#path);
  }

  /** Removes the lease. */
  remove(): void {
    Deno.removeSync(this.#path);
  }
}

/** A file that somebody else wrote, or that was torn by a power failure, is no lease. */
function parse(text: string): LeaseRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isRecord(value) ? value : null;
}

function isRecord(value: unknown): value is LeaseRecord {
  if (!isObject(value) || typeof value.marksRunning !== "boolean") return false;
  const { source, fence, watermark, holder } = value;
  return areAll("string", source, watermark ?? "") && areAll("number", fence) && isObject(holder) &&
    areAll("string", holder.token, holder.host) &&
    areAll("number", holder.pid, holder.startedAt, holder.heartbeatAt, holder.expiresAt);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function areAll(type: "string" | "number", ...values: readonly unknown[]): boolean {
  return values.every((value) => type === "string" ? typeof value === "string" : Number.isFinite(value));
}
