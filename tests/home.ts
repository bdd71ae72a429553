/**
 * Homes for tests: temporary folders with rollouts in them.
 */
import { dirname, fromFileUrl, join } from "@std/path";

/** The home that comes with the examples. */
export const SAMPLE_HOME: string = fromFileUrl(new URL("../examples/codex_home", import.meta.url));

/** A temporary folder with a home in it and room for a database beside it. */
export class TemporaryHome implements Disposable {
  /** The folder that holds everything. */
  readonly top: string = Deno.realPathSync(Deno.makeTempDirSync());
  /** The home. */
  readonly path: string = join(this.top, "home");
  /** Where a database may go. */
  readonly db: string = join(this.top, "backfill.sqlite");

  constructor() {
    Deno.mkdirSync(this.path);
  }

  /** Writes a file below the home. */
  write(path: string, text: string): string {
    const full = join(this.path, path);
    Deno.mkdirSync(dirname(full), { recursive: true });
    Deno.writeTextFileSync(full, text);
    return full;
  }

  /** Writes a file of bytes below the home, with a time of last modification in seconds since the epoch. */
  writeBytes(path: string, bytes: Uint8Array, modified: number): string {
    const full = this.write(path, "");
    Deno.writeFileSync(full, bytes);
    Deno.utimeSync(full, modified, modified);
    return full;
  }

  /** Removes a file below the home. */
  remove(path: string): void {
    Deno.removeSync(join(this.path, path));
  }

  /** Writes a rollout of one thread, and returns the thread's id. */
  rollout(number: number, message = `message ${number}`, folder = "sessions/2026/01/27"): string {
    const id = threadId(number);
    this.write(`${folder}/rollout-2026-01-27T12-34-56-${id}.jsonl`, rolloutText(id, message));
    return id;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.top, { recursive: true });
  }
}

/** The id of a thread by number. */
export function threadId(number: number): string {
  return `019c0000-0000-7000-8000-${String(number).padStart(12, "0")}`;
}

/** A short rollout as Codex 0.99 writes it. */
export function rolloutText(id: string, message: string): string {
  const lines = [
    {
      timestamp: "2026-01-27T12:34:56.120Z",
      type: "session_meta",
      payload: {
        id,
        timestamp: "2026-01-27T12:34:56.100Z",
        cwd: "/srv/demo",
        originator: "codex_cli_rs",
        cli_version: "0.99.0",
        source: "cli",
        model_provider: "openai",
      },
    },
    {
      timestamp: "2026-01-27T12:34:57.000Z",
      type: "event_msg",
      payload: { type: "user_message", message, images: null, local_images: [], text_elements: [] },
    },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
