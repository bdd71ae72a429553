/**
 * What a rollout is called before and after Codex compresses it in place.
 *
 * @module
 */

/** The suffix of a rollout that Codex has compressed. */
const COMPRESSED = ".zst";

/** How many times as large the text of long sessions is as their archives. */
const RATIO = 8;

/** About how large a rollout is once it is decompressed. */
export function decompressedSize(size: number): number {
  return RATIO * size;
}

/** Whether the name of a file, or its path, says that it is compressed. */
export function isCompressed(name: string): boolean {
  return name.endsWith(COMPRESSED);
}

/** The name, or the path, that a file had before it was compressed. */
export function withoutCompression(name: string): string {
  return isCompressed(name) ? name.slice(0, -COMPRESSED.length) : name;
}

/** The name, or the path, that a file has once it is compressed. */
export function compressed(name: string): string {
  return `${name}${COMPRESSED}`;
}

/** Where a rollout may lie that was called so at some time: as it is, and compressed. */
export function bothForms(path: string): readonly [plain: string, archive: string] {
  const plain = withoutCompression(path);
  return [plain, compressed(plain)];
}
