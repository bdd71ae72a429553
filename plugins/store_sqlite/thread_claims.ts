/**
 * The items that claim one thread, and which of them has the best claim.
 *
 * @module
 */
import { chooseClaimant, type Claimant, compareClaims } from "../store_choice.ts";

/** An item that claims a thread. */
export interface ThreadClaim extends Claimant {
  /** The item's id in the ledger. */
  readonly ledgerId: number;
}

/**
 * What is known of one thread. Thousands of items may claim it, as where the copies of a home lie in it: what one of them changes
 * is compared with the best claim, and all are gone through only where the best one was taken back or went.
 */
export class ThreadClaims {
  /** Whether the thread has a row. One that no item gives has no claim either. */
  hasRow = false;
  /** The id of the item that gives the row, if one does; what the others hold are copies. */
  giver: number | undefined;
  readonly #claims = new Map<number, ThreadClaim>();
  #best: ThreadClaim | undefined;
  /** Whether the best claim has to be looked for. */
  #isOpen = false;

  /** The best claim of an item that is there, if there is any. */
  get best(): ThreadClaim | undefined {
    if (this.#isOpen) this.#best = chooseClaimant(this.#claims.values());
    this.#isOpen = false;
    return this.#best;
  }

  /** How many items claim the thread. */
  get size(): number {
    return this.#claims.size;
  }

  /** Whether an item claims the thread. */
  has(ledgerId: number): boolean {
    return this.#claims.has(ledgerId);
  }

  /** Notes what an item claims now, in the place of what it claimed before. */
  put(claim: ThreadClaim): void {
    const { best } = this;
    this.#claims.set(claim.ledgerId, claim);
    if (!claim.gone && (!best || compareClaims(claim, best) >= 0)) this.#best = claim;
    else if (best?.ledgerId === claim.ledgerId) this.#isOpen = true;
  }

  /** Notes that an item went, came back or failed for good. */
  change(ledgerId: number, now: Partial<Pick<ThreadClaim, "gone" | "failed">>): void {
    const claim = this.#claims.get(ledgerId);
    if (!claim) return;
    const { gone = claim.gone, failed = claim.failed } = now;
    if (gone !== claim.gone || failed !== claim.failed) this.put({ ...claim, gone, failed });
  }

  /** Forgets what an item claimed. */
  remove(ledgerId: number): void {
    this.#claims.delete(ledgerId);
    if (this.#best?.ledgerId === ledgerId) this.#isOpen = true;
    if (this.giver === ledgerId) this.giver = undefined;
  }
}
