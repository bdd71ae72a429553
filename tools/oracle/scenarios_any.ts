/**
 * What any version of Codex can be made to write: what a version cannot do is told, and left out.
 *
 * @module
 */
import { join } from "@std/path";
import { textAt } from "./app_server.ts";
import type { Codex } from "./install.ts";
import { PIXEL } from "./scenario.ts";
import type { Session } from "./session.ts";

/** A step that a version can or cannot do. */
interface Step {
  readonly name: string;
  readonly play: (session: Session, codex: Codex) => Promise<unknown>;
}

const steps: readonly Step[] = [
  {
    name: "exec with a tool call, and a second turn by resume",
    play: async (session, codex) => {
      const id = await session.exec(codex, "please run a command for me");
      await session.exec(codex, "resume", id, "and once more: run a command");
    },
  },
  {
    name: "exec with an image",
    play: async (session, codex) => {
      const image = join(session.work, "pixel.png");
      await Deno.writeFile(image, Uint8Array.fromBase64(PIXEL));
      await session.exec(codex, "-i", image, "--", "what is this?");
    },
  },
  {
    name: "exec with a sub-agent",
    play: (session, codex) => session.exec(codex, "delegate this to somebody"),
  },
  {
    name: "exec with a sub-agent that inherits the history",
    play: async (session, codex) => {
      const id = await session.exec(codex, "first words");
      await session.exec(codex, "resume", id, "delegate this with all that was said");
    },
  },
  {
    name: "app-server: a thread, a fork, a turn in it",
    play: async (session, codex) => {
      await using server = await session.server(codex);
      const id = await session.thread(server);
      await session.say(server, id, `said to ${codex.version}`);
      const fork = textAt(await server.call("thread/fork", { threadId: id }), "thread", "id");
      await session.say(server, fork, `said to a fork of ${codex.version}`);
    },
  },
];

/**
 * Lets a version of Codex write what it can.
 *
 * @param session The home.
 * @param codex The version.
 * @returns The steps that it could not do, and why.
 */
export async function playAny(session: Session, codex: Codex): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, play } of steps) {
    try {
      await play(session, codex);
    } catch (error) {
      failed.push(`${name}: ${error instanceof Error ? error.message.split("\n")[0]?.slice(0, 200) : error}`);
    }
  }
  return failed;
}
