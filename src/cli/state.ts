/**
 * `backfill verify`, `backfill repair` and `backfill explain`: the commands about Codex's own database.
 *
 * @module
 */
import type { BackfillListener } from "../events.ts";
import type { Arguments } from "./arguments.ts";
import type { Defaults } from "./defaults.ts";
import { integer, oneOf, someOf } from "./flag_values.ts";
import type { Output } from "./output.ts";
import { defaultCodexHome, isReadable, processEnvironment, userHomeVariable } from "./paths.ts";
import { printable, printableJson } from "./printable.ts";
import { progressListener } from "./progress.ts";
import { type Stop, stopOnSignals } from "./signals.ts";
import type { Answer, StateRequest } from "./state_commands.ts";
import { UsageError } from "./usage_error.ts";

/** What names the folder of Codex's database, if it is set. */
const DATABASE_VARIABLE = "CODEX_SQLITE_HOME";

/** A thread's id, however it is spelled. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Runs one of the commands.
 *
 * @returns The exit code.
 */
export async function stateCommand(
  command: "verify" | "repair" | "explain",
  args: Arguments,
  defaults: Defaults,
  output: Output,
): Promise<number> {
  const { has } = args;
  const quiet = has("quiet");
  const note = quiet ? () => {} : output.note;
  using stop: Stop = stopOnSignals(true);
  const reading = progressListener(note, Deno.stderr.isTerminal());
  const writing = progressListener(note, Deno.stderr.isTerminal());
  const request = requestOf(args, defaults, stop.signal, reading.onEvent);
  const answer = await answerOf(command, args, defaults, request, writing.onEvent);
  for (const { summarizeTrouble } of [reading, writing]) summarizeTrouble();
  if (has("json")) output.result(printableJson(answer.json));
  else if (!quiet) output.result(answer.lines.map(printable).join("\n"));
  return stop.signal.aborted ? stop.exitCode : answer.exitCode;
}

async function answerOf(
  command: "verify" | "repair" | "explain",
  { text, has, argument }: Arguments,
  defaults: Defaults,
  request: StateRequest,
  onWrite: BackfillListener,
): Promise<Answer> {
  const id = argument.toLowerCase();
  if (command === "explain" && !UUID.test(id)) throw new UsageError(`"${argument}" is not the id of a thread, a UUID`);
  const batchSize = integer("--batch-size", text("batch-size"));
  const commands = await defaults.stateCommands();
  switch (command) {
    case "verify":
      return await commands.verify(request);
    case "explain":
      return await commands.explain({ ...request, id });
    case "repair": {
      const only = someOf("--only", text("only"), commands.kinds);
      if (has("prune") && only && !only.includes("stale")) {
        throw new UsageError("--prune removes stale rows, which --only leaves out: name stale as well");
      }
      return await commands.repair({
        ...request,
        apply: has("apply"),
        prune: has("prune"),
        onWrite,
        ...(only === undefined ? {} : { only }),
        ...(batchSize === undefined ? {} : { batchSize }),
      });
    }
  }
}

function requestOf(
  { text }: Arguments,
  defaults: Defaults,
  signal: AbortSignal,
  onEvent: BackfillListener,
): StateRequest {
  const stateDb = text("state-db");
  if (stateDb === undefined && !isReadable(DATABASE_VARIABLE)) {
    throw new UsageError(
      `cannot tell which database Codex uses, because ${DATABASE_VARIABLE} may not be read: ` +
        `allow it with --allow-env=${DATABASE_VARIABLE},${userHomeVariable()}, or name the database with --state-db`,
    );
  }
  const defaultProvider = text("default-provider");
  const compat = oneOf("--compat", text("compat"), defaults.stateCompatVersions);
  const workers = integer("--workers", text("workers"));
  return {
    codexHome: text("codex-home") ?? defaultCodexHome(processEnvironment),
    env: processEnvironment,
    signal,
    // What cannot be read is part of the answer.
    onRead: (event) => event.type === "failed" || event.type === "problem" ? undefined : onEvent(event),
    ...(stateDb === undefined ? {} : { stateDb }),
    ...(compat === undefined ? {} : { compat }),
    ...(defaultProvider === undefined ? {} : { defaultProvider }),
    ...(workers === undefined ? {} : { workers }),
  };
}
