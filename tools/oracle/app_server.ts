/**
 * A conversation with `codex app-server`: JSON-RPC, one message a line.
 *
 * @module
 */
import { TextLineStream } from "@std/streams";
import { start } from "./children.ts";
import { environment } from "./environment.ts";
import type { Codex } from "./install.ts";

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member of a member … of a JSON value, as text. Throws if there is no such text. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = path.reduce<unknown>((at, name) => isJson(at) ? at[name] : undefined, value);
  if (typeof found !== "string") throw new TypeError(`no text at ${path.join(".")} of ${JSON.stringify(value)}`);
  return found;
}

/** A running app-server. */
export class AppServer implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #replies = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #notes: Json[] = [];
  readonly #stderr: Promise<string>;
  readonly #reading: Promise<void>;
  #noted: () => void = () => {};
  #last = 0;
  #ended: Error | undefined;

  private constructor(readonly codex: Codex, home: string, flags: readonly string[]) {
    this.#child = start(codex.binary, {
      args: ["app-server", ...flags],
      cwd: "/",
      env: environment(home),
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    });
    this.#writer = this.#child.stdin.getWriter();
    this.#stderr = new Response(this.#child.stderr).text();
    this.#reading = this.#read();
  }

  /** Starts an app-server over a home, and shakes hands with it. `onStart` is told its process id before that. */
  static async open(
    codex: Codex,
    home: string,
    flags: readonly string[] = [],
    onStart: (pid: number) => void = () => {},
  ): Promise<AppServer> {
    const server = new AppServer(codex, home, flags);
    onStart(server.#child.pid);
    try {
      await server.call("initialize", {
        clientInfo: { name: "oracle", version: "1.0.0" },
        capabilities: { experimentalApi: true },
      }, 45_000);
      await server.#send({ method: "initialized" });
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
    return server;
  }

  /** Calls a method. */
  async call(method: string, params: Json = {}, timeoutMs = 30_000): Promise<unknown> {
    if (this.#ended) throw this.#ended;
    const id = ++this.#last;
    const reply = Promise.withResolvers<unknown>();
    this.#replies.set(id, reply);
    await this.#send({ id, method, params });
    return await this.#inTime(reply.promise, timeoutMs, method);
  }

  /** Waits for a notification that was not waited for yet. */
  async notification(method: string, timeoutMs = 30_000): Promise<Json> {
    const seen = async (): Promise<Json> => {
      while (true) {
        const index = this.#notes.findIndex((note) => note.method === method);
        const [note] = index < 0 ? [] : this.#notes.splice(index, 1);
        if (note) return note;
        if (this.#ended) throw this.#ended;
        await new Promise<void>((resolve) => this.#noted = resolve);
      }
    };
    return await this.#inTime(seen(), timeoutMs, method);
  }

  /** Ends the app-server. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close().catch(() => {});
    const patience = setTimeout(() => this.#kill(), 3_000);
    await this.#child.status;
    clearTimeout(patience);
    await this.#reading;
    await this.#stderr;
  }

  #kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch { /* it has ended already */ }
  }

  async #send(message: Json): Promise<void> {
    const line = `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`;
    await this.#writer.write(new TextEncoder().encode(line)).catch(() => {});
  }

  async #read(): Promise<void> {
    for await (
      const line of this.#child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
    ) {
      const message = parse(line);
      if (isJson(message)) this.#take(message);
    }
    const tail = (await this.#stderr).trim().slice(-600);
    this.#ended = new Error(`Codex ${this.codex.version} app-server ended: ${tail}`);
    for (const reply of this.#replies.values()) reply.reject(this.#ended);
    this.#noted();
  }

  #take(message: Json): void {
    if (typeof message.method === "string") {
      this.#notes.push(message);
      this.#noted();
      return;
    }
    const reply = this.#replies.get(Number(message.id));
    this.#replies.delete(Number(message.id));
    if (message.error === undefined) reply?.resolve(message.result);
    else reply?.reject(new Error(`Codex ${this.codex.version} refused: ${JSON.stringify(message.error)}`));
  }

  async #inTime<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`Codex ${this.codex.version} did not answer "${what}" in time`)), ms);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // something else that was printed
  }
}
