/**
 * What editors and other programs do through the app-server.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { textAt } from "./app_server.ts";
import { PIXEL, type Scenario } from "./scenario.ts";

/** The scenarios, in the order in which they are played. */
export const appServerScenarios: readonly Scenario[] = [
  {
    name: "app-server: turns, a name, a fork with a further turn, an image without text",
    quick: true,
    play: async (session, writers) => {
      for (const codex of [writers.old, writers.new]) {
        await using server = await session.server(codex);
        const id = await session.thread(server);
        await session.say(server, id, "  first question  ");
        await session.say(server, id, "second: run a command");
        await server.call("thread/name/set", { threadId: id, name: "A name, by hand" });
        const fork = await server.call("thread/fork", { threadId: id });
        await session.say(server, threadId(fork), "the fork goes on");
        const wordless = await session.thread(server);
        await session.say(server, wordless, { type: "image", url: `data:image/png;base64,${PIXEL}` });
        await session.say(server, wordless, "now with words");
      }
    },
  },
  {
    name: "app-server: archive, unarchive, compact, another model and effort",
    quick: false,
    play: async (session, writers) => {
      for (const codex of [writers.old, writers.new]) {
        await using server = await session.server(codex);
        const archived = await session.thread(server);
        await session.say(server, archived, "to be archived");
        await server.call("thread/archive", { threadId: archived });
        const restored = await session.thread(server);
        await session.say(server, restored, "archived and brought back");
        await server.call("thread/archive", { threadId: restored });
        await server.call("thread/unarchive", { threadId: restored });
        const id = await session.thread(server, { approvalPolicy: "never", sandbox: "danger-full-access" });
        await session.say(server, id, "a long story");
        await server.call("thread/compact/start", { threadId: id });
        await server.notification("turn/completed");
        await server.call("turn/start", {
          threadId: id,
          input: [{ type: "text", text: "after it" }],
          model: "gpt-5.2",
          effort: "high",
          approvalPolicy: "on-request",
          sandboxPolicy: { type: "workspaceWrite", writableRoots: ["/srv/other"], networkAccess: true },
        });
        await server.notification("turn/completed");
      }
    },
  },
  {
    name: "app-server 0.169: metadata, a goal, both history modes, an attached fork, a section",
    quick: false,
    play: async (session, writers) => {
      await using server = await session.server(writers.new);
      for (const historyMode of ["legacy", "paginated"]) {
        const id = await session.thread(server, { historyMode });
        await session.say(server, id, `in ${historyMode} mode`);
        const gitInfo = { branch: "topic", sha: "0123abc", originUrl: "https://somebody:secret@git.example/x.git" };
        await server.call("thread/metadata/update", { threadId: id, gitInfo });
        await server.call("thread/name/set", { threadId: id, name: `named, ${historyMode}` });
        await server.call("thread/memoryMode/set", { threadId: id, mode: "disabled" });
        const branch = await server.call("thread/fork", { threadId: id });
        await session.say(server, threadId(branch), "a fork of it");
        if (historyMode === "paginated") await server.call("thread/fork", { threadId: id, attachToSource: true });
      }
      const goal = await session.thread(server);
      await session.say(server, goal, "work towards something");
      await server.call("thread/goal/set", { threadId: goal, objective: "  a goal  " });
    },
  },
  {
    name: "app-server: tools of the client, a turn taken back",
    quick: false,
    play: async (session, writers) => {
      const inputSchema = { type: "object", properties: { b: { type: "number", maximum: 1e21 }, a: { const: null } } };
      const dynamicTools = [{ type: "function", name: "look_up", description: "Looks something up", inputSchema }];
      {
        await using server = await session.server(writers.old);
        const id = await session.thread(server, { dynamicTools });
        for (const text of ["kept", "taken back"]) await session.say(server, id, text);
        await server.call("thread/rollback", { threadId: id, numTurns: 1 });
      }
      await using server = await session.server(writers.new);
      const id = await session.thread(server, { dynamicTools, historyMode: "paginated" });
      const turns = [await session.say(server, id, "kept"), await session.say(server, id, "taken back")];
      await server.call("thread/revert", { threadId: id, beforeTurnId: turns[1] });
      await session.say(server, id, "said instead");
      const other = await session.thread(server, { historyMode: "paginated" });
      await session.say(server, other, "kept");
      const last = await session.say(server, other, "taken back, and nothing said since");
      await server.call("thread/revert", { threadId: other, beforeTurnId: last });
    },
  },
  {
    name: "app-server 0.169: an old rollout compressed",
    quick: true,
    play: async (session, writers) => {
      const id = await session.exec(writers.old, "will be compressed");
      const rollout = session.rolloutOf(id);
      // Only what has rested for long is compressed.
      await Deno.utime(rollout, LONG_AGO, LONG_AGO);
      await using server = await session.server(writers.new, "--enable", "local_thread_store_compression");
      await server.call("rollout/compress");
      await until(() => existsSync(`${rollout}.zst`) && !existsSync(rollout), `${rollout} was not compressed`);
    },
  },
];

const LONG_AGO = new Date("2025-02-03T04:05:06.789Z");

function threadId(answer: unknown): string {
  return textAt(answer, "thread", "id");
}

async function until(holds: () => boolean, complaint: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(complaint);
}
