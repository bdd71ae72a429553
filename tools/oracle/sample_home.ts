/**
 * A home full of rollouts that the real CLIs wrote.
 *
 * @module
 */
import { join } from "@std/path";
import { finish } from "./children.ts";
import { writeConfig } from "./environment.ts";
import { copyHome } from "./homes.ts";
import { installCodex } from "./install.ts";
import { startModelApi } from "./model_api.ts";
import type { Writers } from "./scenario.ts";
import { playAny } from "./scenarios_any.ts";
import { appServerScenarios } from "./scenarios_app_server.ts";
import { cliScenarios } from "./scenarios_cli.ts";
import { Session } from "./session.ts";

/** The provider that the sample home is configured with. */
export const PROVIDER = "standin";

/**
 * Lets the real CLIs fill a home.
 *
 * @param writers The versions of Codex.
 * @param folder An empty folder. The home is made in it, and the sessions' working directory beside the home.
 * @param options `quick` plays only the quick set; `writers` are further versions of Codex; `onScenario` is told what is played.
 * @returns The home.
 */
export async function writeSampleHome(
  writers: Writers,
  folder: string,
  options: {
    readonly quick?: boolean;
    readonly writers?: readonly string[];
    readonly onScenario?: (name: string) => void;
  } = {},
): Promise<string> {
  const session = new Session(join(folder, "home"), join(folder, "work"));
  await Deno.mkdir(session.home);
  await Deno.mkdir(session.work);
  await using api = startModelApi();
  await writeConfig(session.home, PROVIDER, api.url);
  await session.initGit();
  for (const { name, quick, play } of [...cliScenarios, ...appServerScenarios]) {
    if (options.quick && !quick) continue;
    options.onScenario?.(name);
    try {
      await play(session, writers);
    } catch (cause) {
      throw new Error(`"${name}" could not be played: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }
  for (const version of options.writers ?? []) {
    options.onScenario?.(`what ${version} can do`);
    // In a home of its own, for versions disagree about the databases in it.
    const own = new Session(join(folder, version), session.work);
    await Deno.mkdir(own.home);
    await writeConfig(own.home, PROVIDER, api.url);
    for (const problem of await playAny(own, await installCodex(version))) options.onScenario?.(`  cannot: ${problem}`);
    await copyHome(own.home, join(folder, `${version}-parts`));
    const { code, stderr } = await finish("cp", {
      args: ["-a", `${join(folder, `${version}-parts`)}/.`, session.home],
    });
    if (code !== 0) throw new Error(`the rollouts of ${version} could not be copied: ${stderr.trim()}`);
  }
  return session.home;
}
