/**
 * The type of a line of which it is known that it is none that is known.
 *
 * @module
 */

/** So many bytes have the type of a line, and that of an event, in them. */
const TYPE_BYTES = 256;

/** The type of a line, and what stands in its payload first, as a scanner found them to be there. */
const TYPES = /"type": ?"(\w+)", ?"payload": ?\{(?:"type": ?"(\w+)")?/;

const decoder = new TextDecoder("latin1");

/**
 * Reads the type.
 *
 * @param bytes The line, or as much of it as a scanner takes to know its kind.
 * @returns The type, as `event_msg/foo` that of an event.
 */
export function unknownType(bytes: Uint8Array<ArrayBuffer>): string {
  const [, type = "", event = ""] = TYPES.exec(decoder.decode(bytes.subarray(0, TYPE_BYTES))) ?? [];
  return type === "event_msg" ? `${type}/${event}` : type;
}
