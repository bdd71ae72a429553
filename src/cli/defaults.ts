/**
 * What the command line needs of the plugins. `mod.ts` gives it, so that no command knows a plugin.
 *
 * @module
 */
import type { BackfillListener } from "../events.ts";
import type { MetricsSink } from "../metrics.ts";
import type { BackfillReport } from "../report.ts";
import type { Store } from "../store.ts";
import type { StateCommands } from "./state_commands.ts";

/** What `backfill run` asks for. */
export interface RunRequest {
  /** The Codex home. */
  readonly codexHome: string;
  /** The path of the database. */
  readonly db: string;
  /** The id of the source. */
  readonly source?: string;
  /** The version of Codex to do exactly alike. */
  readonly compat?: string;
  /** The provider of rollouts that name none. */
  readonly defaultProvider?: string;
  /** Items in a batch. */
  readonly batchSize?: number;
  /** Threads that extract. */
  readonly workers?: number;
  /** Whether every line is parsed. */
  readonly strict: boolean;
  /** Whether a batch is on the disk when it is committed. */
  readonly durable: boolean;
  /** Whether failures are due again. */
  readonly retryFailed: boolean;
  /** Whether an empty home is believed. */
  readonly allowEmpty: boolean;
  /** Where metrics go. */
  readonly metrics: readonly MetricsSink[];
  /** Cancels. */
  readonly signal: AbortSignal;
  /** Is told what happens. */
  readonly onEvent: BackfillListener;
}

/** The default plugins, as the command line uses them. */
export interface Defaults {
  /** The versions that `compat` can name. */
  readonly compatVersions: readonly string[];
  /** Runs a backfill of a Codex home. */
  run(request: RunRequest): Promise<BackfillReport>;
  /** Opens a database for reading; it must exist. */
  openExisting(db: string): Promise<Store>;
  /** The versions that `compat` can name for Codex's own database. */
  readonly stateCompatVersions: readonly string[];
  /** Loads the commands about Codex's own database. */
  stateCommands(): Promise<StateCommands>;
  /** The metrics sinks that have a name. */
  readonly metrics: Readonly<Record<string, () => MetricsSink | undefined>>;
}
