/**
 * Times as people and programs read them.
 *
 * @module
 */

/**
 * Writes a time as ISO 8601. A database may hold what is none.
 *
 * @param ms Milliseconds since the epoch.
 */
export function isoTime(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? "an unknown time" : time.toISOString();
}
