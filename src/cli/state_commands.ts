/**
 * The commands about Codex's own database: what they ask of the plugins behind them, and what those answer.
 *
 * @module
 */
import type { BackfillListener } from "../events.ts";
import type { Environment } from "./paths.ts";

/** What every command asks for. */
export interface StateRequest {
  /** The Codex home. */
  readonly codexHome: string;
  /** The database. Default: the one that Codex 0.169 uses. */
  readonly stateDb?: string;
  /** The version of Codex to do exactly alike. */
  readonly compat?: string;
  /** The provider of rollouts that name none. Default: the configured one. */
  readonly defaultProvider?: string;
  /** Threads that read rollouts. */
  readonly workers?: number;
  /** The environment. */
  readonly env: Environment;
  /** Cancels. */
  readonly signal: AbortSignal;
  /** Is told what happens while rollouts are read. */
  readonly onRead: BackfillListener;
}

/** What `backfill repair` asks for. */
export interface RepairRequest extends StateRequest {
  /** Only what is wrong in one of these ways. Default: all. */
  readonly only?: readonly string[];
  /** Whether to write. */
  readonly apply: boolean;
  /** Whether to remove rows whose file is gone. */
  readonly prune: boolean;
  /** Threads written together. */
  readonly batchSize?: number;
  /** Is told what happens while rows are written. */
  readonly onWrite: BackfillListener;
}

/** What `backfill explain` asks for. */
export interface ExplainRequest extends StateRequest {
  /** The thread: a lower-case hyphenated UUID. */
  readonly id: string;
}

/** The answer of a command. */
export interface Answer {
  /** For people: lines of text, which the caller escapes before printing. */
  readonly lines: readonly string[];
  /** For programs: what JSON can hold. */
  readonly json: Readonly<Record<string, unknown>>;
  /** 0 if all is well or done, 3 if something is left that the reader should know of. */
  readonly exitCode: 0 | 3;
}

/** The commands. */
export interface StateCommands {
  /** In which ways the row of a thread can be wrong: what {@linkcode RepairRequest.only} takes. */
  readonly kinds: readonly string[];
  /** Compares a state database with the rollouts. Writes nothing. */
  verify(request: StateRequest): Promise<Answer>;
  /** Plans a repair, and applies it if asked. */
  repair(request: RepairRequest): Promise<Answer>;
  /** Says why Codex shows a thread, or does not. Writes nothing. */
  explain(request: ExplainRequest): Promise<Answer>;
}
