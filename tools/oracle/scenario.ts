/**
 * A scenario: one thing that users do, played with real Codex versions.
 *
 * @module
 */
import type { Codex } from "./install.ts";
import type { Session } from "./session.ts";

/** The versions of Codex that write. */
export interface Writers {
  /** 0.99.0: rollouts in the older dialect. */
  readonly old: Codex;
  /** 0.169.0: rollouts in the newer one. */
  readonly new: Codex;
}

/** One thing that users do. */
export interface Scenario {
  /** What it is. */
  readonly name: string;
  /** Whether it is part of the quick set. */
  readonly quick: boolean;
  /** Plays it. */
  readonly play: (session: Session, writers: Writers) => Promise<void>;
}

/** A PNG of one pixel, in base64. */
export const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
