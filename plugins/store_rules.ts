/**
 * What every store judges by: which of several items gives the row of a key, when a lease has run out, and what a token looks
 * like. A store of your own that goes by these passes the cases of `@rollout/backfill/testing` about them.
 *
 * @module
 */
export { chooseClaimant, type Claimant, compareClaims } from "./store_choice.ts";
export { checkToken, isExpired, isToken, leaseLost } from "./store_lease.ts";
