/**
 * What some versions of Codex wrote of files beside the sandbox policy of a turn, before there were permission profiles.
 *
 * @module
 */
import { list, map, nullable, oneOf, optional, recordOrList, type Shape, text, u64 } from "./shape.ts";
import { absolutePathAnywhere } from "./common.ts";
import { entryIn, type PermissionProfile, type ProfileEntry, restricted } from "./permission_profile.ts";
import type { SandboxPolicy } from "./policy.ts";

/** What is taken of it. */
export interface FileSystemPolicy {
  /** What kind of restriction there is. */
  readonly kind: "unrestricted" | "restricted" | "external-sandbox";
  /** What is allowed where. */
  readonly entries: readonly ProfileEntry[];
  /** How deep patterns are looked for. */
  readonly depth: number | null;
}

/** What a policy with an entry that cannot be understood allows. */
const NOTHING: FileSystemPolicy = { kind: "restricted", entries: [], depth: null };

/** A path that is not absolute; it is no reason to refuse the line. */
const anywhere: Shape<string> = map(text, (path) => {
  const absolute = absolutePathAnywhere(path);
  return typeof absolute === "string" ? absolute : "";
});

/** What Codex 0.169.0 takes. */
export const fileSystemPolicy: Shape<FileSystemPolicy> = map(
  recordOrList({
    kind: oneOf("unrestricted", "restricted", "external-sandbox"),
    glob_scan_max_depth: nullable(u64),
    entries: optional(list(entryIn(anywhere)), []),
  }, 1),
  ({ kind, glob_scan_max_depth: depth, entries }) =>
    entries.some(({ path }) => path.type === "path" && path.path === "")
      ? NOTHING
      : { kind, entries, depth: depth === null || depth === 0n ? null : Number(depth) },
);

/** The profile that it stands for, together with the sandbox policy, which says whether there is a network. */
export function profileOfFiles({ kind, entries, depth }: FileSystemPolicy, policy: SandboxPolicy): PermissionProfile {
  const enabled = policy.type === "danger-full-access" || policy.network_access === true ||
    policy.network_access === "enabled";
  const network = enabled ? "enabled" : "restricted";
  if (kind === "external-sandbox") return { type: "external", network };
  if (kind === "restricted") return { type: "managed", file_system: restricted(entries, depth), network };
  return policy.type === "danger-full-access"
    ? { type: "disabled" }
    : { type: "managed", file_system: { type: "unrestricted" }, network };
}
