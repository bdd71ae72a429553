/**
 * What the command line needs of the plugins. `mod.ts` gives it, so that no command knows a plugin.
 *
 * @module
 */
import type { BackfillListener } from "../events.ts";
import type { MetricsSink } from "../metrics.ts";
import type { BackfillReport } from "../report.ts";
import type { Store } from "../store.ts";

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

/** What `backfill verify` asks for, and the other commands about Codex's own database. */
export interface StateRequest {
  /** The Codex home. */
  readonly codexHome: string;
  /** The path of Codex's database. */
  readonly stateDb?: string;
  /** The version of Codex to do exactly alike. */
  readonly compat?: string;
  /** The provider of rollouts that name none. */
  readonly defaultProvider?: string;
  /** Threads that extract. */
  readonly workers?: number;
  /** Looks up an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** Cancels. */
  readonly signal: AbortSignal;
  /** Is told what happens while rollouts are read. */
  readonly onRead: BackfillListener;
}

/** What `backfill repair` asks for. */
export interface RepairRequest extends StateRequest {
  /** Only what is wrong in one of these ways. */
  readonly only?: readonly string[];
  /** Whether to write. */
  readonly apply: boolean;
  /** Whether to remove rows whose file is gone. */
  readonly prune: boolean;
  /** Rows written together. */
  readonly batchSize?: number;
  /** Is told what happens while rows are written. */
  readonly onWrite: BackfillListener;
}

/** What `backfill explain` asks for. */
export interface ExplainRequest extends StateRequest {
  /** The id of the thread. */
  readonly id: string;
}

/** What a command about Codex's own database has to say. */
export interface Answer {
  /** For people, a line each, not escaped. */
  readonly lines: readonly string[];
  /** For programs. */
  readonly json: Readonly<Record<string, unknown>>;
  /** The exit code. */
  readonly exitCode: number;
}

/** The commands about Codex's own database. */
export interface StateCommands {
  /** What {@linkcode RepairRequest.only} takes. */
  readonly kinds: readonly string[];
  /** Compares the database with the rollouts. */
  verify(request: StateRequest): Promise<Answer>;
  /** Plans a repair, and applies it if asked. */
  repair(request: RepairRequest): Promise<Answer>;
  /** Says why Codex shows a thread. */
  explain(request: ExplainRequest): Promise<Answer>;
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
