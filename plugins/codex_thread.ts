/**
 * The row that the Codex extractor makes and that the stores keep: one thread.
 *
 * @module
 */

/** An integer column. Values beyond 2^53 are bigints. */
export type Integer = number | bigint;

/** A tool that a client offered to a thread. */
export interface DynamicTool {
  /** The tool's name. */
  readonly name: string;
  /** What it is for. */
  readonly description: string;
  /** The JSON schema of its input, as compact JSON text with the original key order. */
  readonly input_schema: string;
}

/** The tools of a thread, in order. */
export interface DynamicTools {
  /** The thread they belong to: the one that the session_meta names. */
  readonly thread_id: string;
  /** The tools, in order of position. */
  readonly tools: readonly DynamicTool[];
}

/** That one thread started another. */
export interface SpawnEdge {
  /** The thread that spawned. */
  readonly parent_thread_id: string;
  /** The thread that was spawned. */
  readonly child_thread_id: string;
  /** `open`, as Codex writes it for a thread found on disk. */
  readonly status: string;
}

/**
 * One thread, by the names, types and meaning of the columns of Codex's own `threads` table. Times without a suffix are
 * whole seconds since the epoch, those ending in `_ms` milliseconds.
 */
export interface CodexThread {
  /** The thread's id: a lower-case hyphenated UUID. */
  readonly id: string;
  /** The absolute path of the rollout. */
  readonly rollout_path: string;
  /** When the thread was started. */
  readonly created_at: Integer;
  /** {@linkcode CodexThread.created_at} in milliseconds. */
  readonly created_at_ms: Integer;
  /** When the rollout was last modified. */
  readonly updated_at: Integer;
  /** {@linkcode CodexThread.updated_at} in milliseconds. */
  readonly updated_at_ms: Integer;
  /** When the last record was written, by its own timestamp, in milliseconds; `null` if none has a readable one. */
  readonly last_record_at_ms: Integer | null;
  /** What started the thread: a word, or compact JSON. */
  readonly source: string;
  /** The model provider. */
  readonly model_provider: string;
  /** 1 if the rollout names no provider, so that {@linkcode CodexThread.model_provider} is the default. */
  readonly is_default_provider?: 1;
  /**
   * 1 if the policy of the last turn cannot be read, so that {@linkcode CodexThread.sandbox_policy} is an earlier one, what comes near
   * it, or the default.
   */
  readonly has_unread_policy?: 1;
  /** 1 if the approval of the last turn cannot be read, so that {@linkcode CodexThread.approval_mode} is an earlier one, or the default. */
  readonly has_unread_approval?: 1;
  /** 1 if the effort of the last turn cannot be read, so that {@linkcode CodexThread.reasoning_effort} is `null`. */
  readonly has_unread_effort?: 1;
  /** 1 if it is a later segment, see `segment.ts`, and when the thread was created was added to it. */
  readonly has_beginning?: 1;
  /** The thread that a fork goes on from, of whose history its rollout has no copy. */
  readonly forked_from?: string;
  /** The working directory. */
  readonly cwd: string;
  /** The title: the first message with text. */
  readonly title: string;
  /** The first message of the user, or a placeholder such as `[Image]`. */
  readonly first_user_message: string;
  /** What a list of threads shows: the first message, or the objective of a goal. */
  readonly preview: string;
  /** The sandbox policy, as JSON text. */
  readonly sandbox_policy: string;
  /** When to ask for approval. */
  readonly approval_mode: string;
  /** Tokens used in total. */
  readonly tokens_used: Integer;
  /** 1 if the rollout lies under `archived_sessions`. */
  readonly archived: 0 | 1;
  /** When it was archived, or `null`. */
  readonly archived_at: Integer | null;
  /** The commit, or `null`. */
  readonly git_sha: string | null;
  /** The branch, or `null`. */
  readonly git_branch: string | null;
  /** The URL of the origin, or `null`. */
  readonly git_origin_url: string | null;
  /** The version of the CLI that wrote the session_meta. */
  readonly cli_version: string;
  /** The nickname of a sub-agent. */
  readonly agent_nickname: string | null;
  /** The role of a sub-agent. */
  readonly agent_role: string | null;
  /** The path of a sub-agent among the agents. */
  readonly agent_path: string | null;
  /** Whether the thread may become a memory. */
  readonly memory_mode: string;
  /** The model. */
  readonly model: string | null;
  /** The reasoning effort. */
  readonly reasoning_effort: string | null;
  /** Who started the thread, e.g. `user`. */
  readonly thread_source: string | null;
  /** How the rollout keeps its history: `legacy` or `paginated`. */
  readonly history_mode: string;
  /** A name given to the thread. */
  readonly name: string | null;
  /** The program that started the thread. */
  readonly originator: string | null;
  /** The user that created the thread. */
  readonly creator_user_id: string | null;
  /** The account that created the thread. */
  readonly creator_account_id: string | null;
  /** The thread that this one is attached to, which it was forked from, or `null`. */
  readonly attached_thread_parent_id: string | null;
  /** The tools that a client offered, or `null` if the rollout says nothing of tools. */
  readonly dynamic_tools: DynamicTools | null;
  /** The thread that spawned this one, or `null`. */
  readonly spawn_edge: SpawnEdge | null;
}

/** What a thread says of its columns: it is stored nowhere. */
export type ThreadMark = Extract<keyof CodexThread, "is_default_provider" | "forked_from" | `has_${string}`>;
