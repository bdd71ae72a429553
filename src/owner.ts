/**
 * Who runs: what a lease says of its owner.
 *
 * @module
 */
import type { LeaseOwner } from "./store.ts";

/**
 * Describes this process as the owner of a new run. The machine's name is given where it may be read without asking.
 *
 * @returns The owner, with a token of its own at every call.
 */
export function thisProcess(): LeaseOwner {
  const maySayHost = Deno.permissions.querySync({ name: "sys", kind: "hostname" }).state === "granted";
  return {
    host: maySayHost ? Deno.hostname() : "",
    pid: Deno.pid,
    startedAt: Math.round(performance.timeOrigin),
    token: crypto.randomUUID(),
  };
}
