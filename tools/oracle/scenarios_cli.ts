/**
 * What users do on the command line.
 *
 * @module
 */
import { join } from "@std/path";
import { PIXEL, type Scenario } from "./scenario.ts";

/** The scenarios, in the order in which they are played. */
export const cliScenarios: readonly Scenario[] = [
  {
    name: "exec: a tool call, then a second turn by resume",
    quick: true,
    play: async (session, writers) => {
      for (const codex of [writers.old, writers.new]) {
        const id = await session.exec(codex, "please run a command for me");
        await session.exec(codex, "-c", 'model_reasoning_effort="low"', "resume", id, "and once more: run a command");
      }
    },
  },
  {
    name: "exec: an image",
    quick: true,
    play: async (session, writers) => {
      const image = join(session.work, "pixel.png");
      await Deno.writeFile(image, Uint8Array.fromBase64(PIXEL));
      for (const codex of [writers.old, writers.new]) await session.exec(codex, "-i", image, "--", "what is this?");
    },
  },
  {
    name: "exec: an editor's prefix, white space, other scripts",
    quick: false,
    play: async (session, writers) => {
      const context = "# Context from my IDE setup:\n\n## My request for Codex:\n  \u00a0Prüfe 📦 das\n\u2003";
      for (const codex of [writers.old, writers.new]) {
        await session.exec(codex, context);
        await session.exec(codex, " \n\t日本語 and\u202e text ");
      }
    },
  },
  {
    name: "exec: a review",
    quick: false,
    play: async (session, writers) => {
      if (!session.git) return; // there is nothing to review
      for (const codex of [writers.old, writers.new]) {
        await Deno.writeTextFile(join(session.work, "readme.txt"), `A file, changed for ${codex.version}.\n`);
        await session.cli(codex, "exec", "--skip-git-repo-check", "review", "--uncommitted");
      }
    },
  },
  {
    name: "exec: a sub-agent",
    quick: true,
    play: async (session, writers) => {
      for (const codex of [writers.old, writers.new]) await session.exec(codex, "delegate this to somebody");
    },
  },
  {
    name: "exec: read-only and workspace-write sandboxes",
    quick: false,
    play: async (session, writers) => {
      const other = join(session.work, "..", "other");
      await Deno.mkdir(other, { recursive: true });
      for (const codex of [writers.old, writers.new]) {
        await session.cli(codex, "exec", "--skip-git-repo-check", "-s", "read-only", "only look");
        await session.cli(codex, "exec", "--skip-git-repo-check", "-s", "workspace-write", "--add-dir", other, "write");
      }
    },
  },
  {
    name: "both versions: each resumes a thread of the other",
    quick: true,
    play: async (session, writers) => {
      const older = await session.exec(writers.old, "begun by the old");
      await session.exec(writers.new, "resume", older, "continued by the new");
      const newer = await session.exec(writers.new, "begun by the new");
      // The old version may refuse what it cannot read. Then the rollout is as it was.
      await session.exec(writers.old, "resume", newer, "continued by the old").catch(() => {});
    },
  },
  {
    name: "cli 0.169: archive a thread of each version, move one to the newer history",
    quick: false,
    play: async (session, writers) => {
      for (const codex of [writers.old, writers.new]) {
        await session.cli(writers.new, "archive", await session.exec(codex, `archived, of ${codex.version}`));
      }
      const id = await session.exec(writers.old, "to be moved to the newer history");
      await session.cli(writers.new, "migrate-rollouts", "--apply", "--thread", id);
    },
  },
];
