/**
 * Codex's own index, compared with the rollouts and repaired: what `backfill verify`, `repair` and `explain` do. Neither the rollouts
 * nor the database are known here; both come as plugins, see `contract.ts`.
 *
 * @module
 */
import type { StateCommands, StateRequest } from "../../src/cli/state_commands.ts";
import type { BackfillListener } from "../../src/events.ts";
import { answerExplain } from "./answer_explain.ts";
import { answerRepair } from "./answer_repair.ts";
import { answerVerify } from "./answer_verify.ts";
import { readCodexConfig, systemConfigFolder } from "./codex_config.ts";
import type { RepairPlugins, StateRow } from "./contract.ts";
import { explain } from "./explain.ts";
import { CHANGE_KINDS, type ChangeKind } from "./findings.ts";
import { repair } from "./repair.ts";
import { Spill } from "./spill.ts";
import { findTarget, type Target } from "./target.ts";
import { verify } from "./verify.ts";

/** The model provider of Codex where nothing is configured. */
const DEFAULT_PROVIDER = "openai";

/** What the plugins are made from. */
export interface Wiring {
  /** The Codex home. */
  readonly codexHome: string;
  /** The version of Codex to do exactly alike. */
  readonly compat: string | undefined;
  /** The provider of rollouts that name none. */
  readonly defaultProvider: string;
  /** How many threads may work. Default: one a core. */
  readonly workers: number | undefined;
}

/**
 * The commands, over plugins.
 *
 * @param wire Makes the plugins for a home.
 */
export function stateCommands<Row extends StateRow>(
  wire: (wiring: Wiring) => RepairPlugins<Row>,
): StateCommands {
  const prepare = async (
    request: StateRequest,
  ): Promise<{ plugins: RepairPlugins<Row>; target: Target; provider: string }> => {
    const { codexHome, stateDb, compat, workers, env } = request;
    // Where all is named that it says, it need not be read.
    const config = stateDb !== undefined && request.defaultProvider !== undefined
      ? {}
      : await readCodexConfig(codexHome, systemConfigFolder(env));
    const provider = request.defaultProvider ?? (config.modelProvider || DEFAULT_PROVIDER);
    // First, so that a home that is not there is told as such.
    const plugins = wire({ codexHome, compat, workers, defaultProvider: provider });
    const { inspect } = plugins;
    const found = await findTarget({ codexHome, config, env, inspect, ...(stateDb === undefined ? {} : { stateDb }) });
    return { plugins, target: { ...found, ...namedBy(request) }, provider };
  };
  return {
    kinds: CHANGE_KINDS,
    verify: async (request) => {
      const { plugins, target } = await prepare(request);
      using spill = new Spill();
      return answerVerify(await verify(target, plugins, { ...howOf(request), spill }));
    },
    repair: async (request) => {
      const { plugins, target } = await prepare(request);
      const { only, apply, prune, batchSize, onWrite } = request;
      using spill = new Spill();
      const options = {
        ...howOf(request),
        spill,
        apply,
        prune,
        onWrite,
        ...(only === undefined ? {} : { only: only.filter(isChangeKind) }),
        ...(batchSize === undefined ? {} : { batchSize }),
      };
      return answerRepair(await repair(target, plugins, options), options);
    },
    explain: async (request) => {
      const { plugins, target, provider } = await prepare(request);
      using spill = new Spill();
      return answerExplain(await explain(request.id, target, plugins, { ...howOf(request), spill, provider }));
    },
  };
}

function howOf(
  { workers, signal, onRead }: StateRequest,
): { signal: AbortSignal; onEvent: BackfillListener; workers?: number } {
  return { signal, onEvent: onRead, ...(workers === undefined ? {} : { workers }) };
}

function isChangeKind(name: string): name is ChangeKind {
  return CHANGE_KINDS.some((kind) => kind === name);
}

/** What the commands that are named to the reader have to name as well. */
function namedBy({ compat, defaultProvider }: StateRequest): Pick<Target, "compat" | "defaultProvider"> {
  return {
    ...(compat === undefined ? {} : { compat }),
    ...(defaultProvider === undefined ? {} : { defaultProvider }),
  };
}
