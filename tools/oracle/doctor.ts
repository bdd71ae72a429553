/**
 * What `codex doctor` says of a home: whether the state database has every rollout.
 *
 * @module
 */
import { isJson, textAt } from "./app_server.ts";
import { finish } from "./children.ts";
import { environment } from "./environment.ts";
import type { Codex } from "./install.ts";

/** The check of rollouts against the state database. */
export interface Parity {
  /** `ok`, `warning` or `fail`. */
  readonly status: string;
  /** The verdict in a sentence. */
  readonly summary: string;
  /** What was counted, such as `missing active rows`; only what has a number. */
  readonly counts: Readonly<Record<string, number>>;
}

const PREFIX = "rollout DB ";

/**
 * Asks `codex doctor`. Only 0.169.0 has one.
 *
 * @param codex The Codex.
 * @param home The home.
 * @returns What it says of rollouts and database.
 */
export async function rolloutParity(codex: Codex, home: string): Promise<Parity> {
  const options = { args: ["doctor", "--json"], cwd: "/", env: environment(home), clearEnv: true };
  // The exit code tells of other checks too, such as of the network.
  const { stdout } = await finish(codex.binary, options);
  const report: unknown = JSON.parse(stdout);
  const check = isJson(report) && isJson(report.checks) ? report.checks["state.rollout_db_parity"] : undefined;
  const details = isJson(check) && isJson(check.details) ? Object.entries(check.details) : [];
  const counts = details.flatMap(([name, value]) =>
    name.startsWith(PREFIX) && typeof value === "string" && /^\d+$/.test(value)
      ? [[name.slice(PREFIX.length), Number(value)] as const]
      : []
  );
  return {
    status: textAt(check, "status"),
    summary: textAt(check, "summary"),
    counts: Object.fromEntries(counts),
  };
}
