/**
 * When a lease has run out, and what a token may look like. Every store judges by this.
 *
 * @module
 */
import { LeaseLostError } from "../src/errors.ts";
import type { Lease, LeaseHolder } from "../src/store.ts";

/**
 * Whether a lease has run out.
 *
 * A heartbeat that lies further ahead than a lease lasts was written before the clock was set back: waiting for it could
 * take for ever, and the fence keeps an owner that still lives from committing.
 *
 * @param holder Who holds it.
 * @param at Now, in milliseconds since the epoch.
 */
export function isExpired(holder: LeaseHolder, at: number): boolean {
  return at >= holder.expiresAt || at < holder.heartbeatAt - (holder.expiresAt - holder.heartbeatAt);
}

/** The shape of a token: it becomes part of file names. */
const TOKEN = /^[0-9a-f-]{1,64}$/;

/** Whether a text has the shape of a token. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/**
 * Checks an owner's token.
 *
 * @param token The token.
 * @returns The same token.
 * @throws {RangeError} If it has another shape than `crypto.randomUUID()` gives.
 */
export function checkToken(token: string): string {
  if (isToken(token)) return token;
  throw new RangeError(`Cannot claim with the token ${JSON.stringify(token)}: use crypto.randomUUID()`);
}

/**
 * Makes the error for a call with a lease that is no longer the caller's.
 *
 * @param lease The lease.
 * @param holder Who holds the source now, if anybody.
 */
export function leaseLost(lease: Lease, holder: LeaseHolder | null): LeaseLostError {
  const now = holder
    ? `process ${holder.pid} on ${holder.host || "this machine"} took it over`
    : "it was given back or taken over";
  return new LeaseLostError(`the lease of "${lease.source}" was lost: ${now}; nothing was committed`);
}
