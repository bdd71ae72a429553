/**
 * The spellings of a UUID that Codex takes.
 *
 * @module
 */

const HYPHENATED = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";
const PLAIN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SPELLINGS = new RegExp(`^(?:[0-9a-fA-F]{32}|${HYPHENATED}|\\{${HYPHENATED}\\}|urn:uuid:${HYPHENATED})$`);

/**
 * Reads a UUID of any version.
 *
 * @param text Hyphenated or not, in braces, or as a URN.
 * @returns The UUID, lower-case and hyphenated, or `undefined`.
 */
export function parseUuid(text: string): string | undefined {
  if (PLAIN.test(text)) return text;
  if (!SPELLINGS.test(text)) return undefined;
  const digits = text.replace(/^urn:uuid:|[-{}]/g, "").toLowerCase();
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
