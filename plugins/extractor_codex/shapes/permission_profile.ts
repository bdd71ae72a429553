/**
 * The permission profile of a turn: what Codex 0.169.0 stores as the sandbox policy.
 *
 * @module
 */
import type { Disk } from "../disk.ts";
import {
  boolean,
  either,
  list,
  map,
  nullable,
  oneOf,
  record,
  REFUSED,
  type Shape,
  tagged,
  text,
  u64,
} from "../shape.ts";
import { absolutePath, normalizePath } from "./common.ts";
import type { SandboxPolicy } from "./policy.ts";

/** A path that a profile names. */
type ProfilePath =
  | { readonly type: "path"; readonly path: string }
  | { readonly type: "glob_pattern"; readonly pattern: string }
  | {
    readonly type: "special";
    readonly value: { readonly kind: string; readonly subpath?: string; readonly path?: string };
  };

/** What a profile allows for a path. */
interface ProfileEntry {
  readonly path: ProfilePath;
  readonly access: "read" | "write" | "deny";
  readonly missing_path_behavior?: string;
}

/** A permission profile, its fields in the order in which they are stored. */
export type PermissionProfile =
  | { readonly type: "disabled" }
  | { readonly type: "external"; readonly network: "restricted" | "enabled" }
  | {
    readonly type: "managed";
    readonly file_system:
      | { readonly type: "unrestricted" }
      | {
        readonly type: "restricted";
        readonly entries: readonly ProfileEntry[];
        readonly glob_scan_max_depth?: number;
      };
    readonly network: "restricted" | "enabled";
  };

const network = oneOf("restricted", "enabled");

const specialPath = map(
  record({ kind: text, subpath: nullable(text), path: nullable(text) }),
  ({ kind, subpath, path }) => ({
    kind,
    ...(path === null ? {} : { path }),
    ...(subpath === null ? {} : { subpath }),
  }),
);

const path: Shape<ProfilePath> = tagged<ProfilePath>({
  path: map(record({ path: absolutePath }), ({ path }) => ({ type: "path", path })),
  glob_pattern: map(record({ pattern: text }), ({ pattern }) => ({ type: "glob_pattern", pattern })),
  special: map(record({ value: specialPath }), ({ value }) => ({ type: "special", value })),
});

const entry: Shape<ProfileEntry> = map(
  record({
    path,
    access: oneOf("read", "write", "deny", "none"),
    missing_path_behavior: nullable(text),
  }),
  ({ path, access, missing_path_behavior }) => ({
    path,
    access: access === "none" ? "deny" : access,
    ...(missing_path_behavior === null ? {} : { missing_path_behavior }),
  }),
);

const fileSystem = tagged<Extract<PermissionProfile, { type: "managed" }>["file_system"]>({
  unrestricted: () => ({ type: "unrestricted" }),
  restricted: map(
    record({ entries: list(entry), glob_scan_max_depth: nullable(u64) }),
    ({ entries, glob_scan_max_depth: depth }) => ({
      type: "restricted",
      entries,
      ...(depth === null ? {} : { glob_scan_max_depth: Number(depth) }),
    }),
  ),
});

const current: Shape<PermissionProfile> = tagged<PermissionProfile>({
  disabled: () => ({ type: "disabled" }),
  external: map(record({ network }), ({ network }) => ({ type: "external", network })),
  managed: map(record({ file_system: fileSystem, network }), (fields) => ({ type: "managed", ...fields })),
});

const older: Shape<PermissionProfile> = map(
  record({
    type: (value) => value === undefined ? null : REFUSED,
    file_system: nullable(record({
      read: nullable(list(absolutePath)),
      write: nullable(list(absolutePath)),
      entries: nullable(list(entry)),
    })),
    network: nullable(record({ enabled: nullable(boolean) })),
  }),
  ({ file_system: files, network }) => ({
    type: "managed",
    file_system: {
      type: "restricted",
      entries: [
        ...(files?.read ?? []).map((path) => pathEntry(path, "read")),
        ...(files?.write ?? []).map((path) => pathEntry(path, "write")),
        ...(files?.entries ?? []),
      ],
    },
    network: network?.enabled ? "enabled" : "restricted",
  }),
);

/** What Codex 0.169.0 takes: its own form, or the one before. */
export const permissionProfile: Shape<PermissionProfile> = either(current, older);

function pathEntry(path: string, access: "read" | "write"): ProfileEntry {
  return { path: { type: "path", path }, access };
}

function special(kind: string, access: "read" | "write", subpath?: string): ProfileEntry {
  return {
    path: { type: "special", value: { kind, ...(subpath === undefined ? {} : { subpath }) } },
    access,
    ...(subpath === undefined ? {} : { missing_path_behavior: "skip" }),
  };
}

/**
 * The profile that a sandbox policy stands for.
 *
 * @param policy The policy.
 * @param cwd The working directory of the turn.
 * @param disk Where the folders are looked up that stay read-only inside a writable one.
 */
export function profileOfPolicy(policy: SandboxPolicy, cwd: string, disk: Disk): PermissionProfile {
  switch (policy.type) {
    case "danger-full-access":
      return { type: "disabled" };
    case "external-sandbox":
      return { type: "external", network: policy.network_access };
    case "read-only":
      return managed([special("root", "read")], policy.network_access);
    case "workspace-write":
      return managed([
        special("root", "read"),
        special("project_roots", "write"),
        ...(policy.exclude_slash_tmp ? [] : [special("slash_tmp", "write")]),
        ...(policy.exclude_tmpdir_env_var ? [] : [special("tmpdir", "write")]),
        ...policy.writable_roots.map((root) => pathEntry(root, "write")),
        ...[".git", ".agents", ".codex", ".aws"].map((folder) => special("project_roots", "read", folder)),
        ...readOnlyFolders(policy.writable_roots, cwd, disk),
      ], policy.network_access);
  }
}

function managed(entries: readonly ProfileEntry[], networkAccess: boolean): PermissionProfile {
  return {
    type: "managed",
    file_system: { type: "restricted", entries },
    network: networkAccess ? "enabled" : "restricted",
  };
}

function readOnlyFolders(roots: readonly string[], cwd: string, disk: Disk): ProfileEntry[] {
  const found = new Set<string>();
  for (const root of [...roots, cwd]) {
    const git = `${root}/.git`;
    const kind = disk.kind(git);
    if (kind === "file") {
      const target = /^gitdir:\s*(.+?)\s*$/m.exec(disk.text(git) ?? "")?.[1];
      if (target) found.add(normalizePath(target.startsWith("/") ? target : `${root}/${target}`));
    }
    if (kind) found.add(git);
    for (const name of [".agents", ".codex", ".aws"]) {
      const folder = `${root}/${name}`;
      if (disk.kind(folder) === "folder" || (name === ".codex" && root === cwd)) found.add(folder);
    }
  }
  return [...found].map((path) => ({ ...pathEntry(path, "read"), missing_path_behavior: "skip" }));
}
