/**
 * A home that real Codex versions write to, and the ways to make them write.
 *
 * @module
 */
import { walkSync } from "@std/fs";
import { join } from "@std/path";
import { AppServer, type Json, textAt } from "./app_server.ts";
import { finish } from "./children.ts";
import { environment } from "./environment.ts";
import type { Codex } from "./install.ts";

/** A home, a working directory, and what is done in them. */
export class Session {
  #git = false;

  /**
   * @param home The Codex home.
   * @param work The working directory of the sessions.
   */
  constructor(readonly home: string, readonly work: string) {}

  /** Runs a command of the CLI. Throws if it fails. */
  async cli(codex: Codex, ...args: readonly string[]): Promise<string> {
    const options = { args: [...args], cwd: this.work, env: environment(this.home), clearEnv: true };
    const { code, stdout, stderr } = await finish(codex.binary, options);
    if (code === 0) return stdout;
    throw new Error(`codex ${codex.version} ${args.join(" ")} ended with ${code}: ${stderr.trim().slice(-600)}`);
  }

  /** Runs `codex exec` without a sandbox, and gives the id of the thread. */
  async exec(codex: Codex, ...args: readonly string[]): Promise<string> {
    const unsafe = "--dangerously-bypass-approvals-and-sandbox";
    const lines = (await this.cli(codex, "exec", "--json", "--skip-git-repo-check", unsafe, ...args)).split("\n");
    const started = lines.find((line) => line.includes('"thread.started"'));
    return textAt(JSON.parse(started ?? "null"), "thread_id");
  }

  /** Starts a thread, and gives its id. */
  async thread(server: AppServer, params: Json = {}): Promise<string> {
    return textAt(await server.call("thread/start", { cwd: this.work, ...params }), "thread", "id");
  }

  /** Says something in a thread, waits for the answer, and gives the id of the turn. */
  async say(server: AppServer, threadId: string, ...input: readonly (string | Json)[]): Promise<string> {
    const items = input.map((item) => typeof item === "string" ? { type: "text", text: item } : item);
    const turn = await server.call("turn/start", { threadId, input: items });
    await server.notification("turn/completed");
    return textAt(turn, "turn", "id");
  }

  /** Opens an app-server over the home. */
  server(codex: Codex, ...flags: readonly string[]): Promise<AppServer> {
    return AppServer.open(codex, this.home, flags);
  }

  /** The path of the rollout of a thread that is not archived. */
  rolloutOf(threadId: string): string {
    for (const { path } of walkSync(join(this.home, "sessions"), { includeDirs: false })) {
      if (path.endsWith(`-${threadId}.jsonl`)) return path;
    }
    throw new Error(`there is no rollout of thread ${threadId}`);
  }

  /** Whether the working directory is a git repository. */
  get git(): boolean {
    return this.#git;
  }

  /** Makes the working directory a git repository, with one commit and an origin, if there is a git. */
  async initGit(): Promise<void> {
    await Deno.writeTextFile(join(this.work, "readme.txt"), "A file.\n");
    for (
      const args of [
        ["init", "-q", "-b", "main"],
        ["remote", "add", "origin", "https://somebody:secret@git.example/demo/app.git"],
        ["add", "-A"],
        ["-c", "user.name=Demo", "-c", "user.email=demo@example.org", "commit", "-q", "-m", "First"],
      ]
    ) {
      try {
        await this.run("git", ...args);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return;
        throw error;
      }
    }
    this.#git = true;
  }

  /** Runs a program in the working directory. Throws if it fails. */
  async run(program: string, ...args: readonly string[]): Promise<void> {
    const options = { args: [...args], cwd: this.work, env: environment(this.home), clearEnv: true };
    const { code, stderr } = await finish(program, options);
    if (code !== 0) throw new Error(`${program} ${args.join(" ")} failed: ${stderr.trim()}`);
  }
}
