/**
 * The permission profile of a turn: what Codex 0.169.0 stores as the sandbox policy.
 *
 * @module
 */
import { trim } from "../../whitespace.ts";
import type { Disk } from "../disk.ts";
import {
  boolean,
  closedRecordOrList,
  either,
  list,
  map,
  nullable,
  oneOf,
  only,
  optional,
  recordOrList,
  type Shape,
  tagged,
  text,
  u64,
} from "./shape.ts";
import { absolutePath, absolutePathAnywhere, normalizePath, windowsPathFrom } from "./common.ts";
import type { SandboxPolicy } from "./policy.ts";

/** A path that a profile names. */
export type ProfilePath =
  | { readonly type: "path"; readonly path: string }
  | { readonly type: "glob_pattern"; readonly pattern: string }
  | {
    readonly type: "special";
    readonly value: { readonly kind: string; readonly subpath?: string; readonly path?: string };
  };

/** What a profile allows for a path. */
export interface ProfileEntry {
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

/** A depth that must not be none; more than a JavaScript number holds is more than any folder has. */
const depth = map(only(u64, (depth) => depth > 0n), (depth) => Number(depth));

const subpath = recordOrList({ subpath: nullable(text) }, 0);

const bareSpecial = (kind: string) => map(recordOrList({}, 0), () => specialValue(kind, null, null));

const specialPath = tagged({
  root: bareSpecial("root"),
  minimal: bareSpecial("minimal"),
  project_roots: map(subpath, ({ subpath }) => specialValue("project_roots", null, subpath)),
  tmpdir: bareSpecial("tmpdir"),
  slash_tmp: bareSpecial("slash_tmp"),
  unknown: map(
    recordOrList({ path: text, subpath: nullable(text) }, 1),
    ({ path, subpath }) => specialValue("unknown", path, subpath),
  ),
}, { field: "kind", aliases: { current_working_directory: "project_roots" } });

function specialValue(kind: string, path: string | null, subpath: string | null) {
  return { kind, ...(path === null ? {} : { path }), ...(subpath === null ? {} : { subpath }) };
}

function pathIn(place: Shape<string>): Shape<ProfilePath> {
  return tagged<ProfilePath>({
    path: map(recordOrList({ path: place }), ({ path }) => ({ type: "path", path })),
    glob_pattern: map(recordOrList({ pattern: text }), ({ pattern }) => ({ type: "glob_pattern", pattern })),
    special: map(recordOrList({ value: specialPath }), ({ value }) => ({ type: "special", value })),
  });
}

/** An entry whose path is on the disk of that kind. */
export function entryIn(place: Shape<string>): Shape<ProfileEntry> {
  return map(
    recordOrList({
      path: pathIn(place),
      access: oneOf("read", "write", "deny", "none"),
      missing_path_behavior: nullable(oneOf("skip")),
    }, 2),
    ({ path, access, missing_path_behavior }) => ({
      path,
      access: access === "none" ? "deny" : access,
      ...(missing_path_behavior === null ? {} : { missing_path_behavior }),
    }),
  );
}

const entry = entryIn(absolutePathAnywhere);

/** Files that are restricted to some entries. */
export function restricted(entries: readonly ProfileEntry[], depth: number | null) {
  return { type: "restricted", entries, ...(depth === null ? {} : { glob_scan_max_depth: depth }) } as const;
}

const fileSystem = tagged<Extract<PermissionProfile, { type: "managed" }>["file_system"]>({
  restricted: map(
    recordOrList({ entries: list(entry), glob_scan_max_depth: nullable(depth) }, 1),
    ({ entries, glob_scan_max_depth }) => restricted(entries, glob_scan_max_depth),
  ),
  unrestricted: map(recordOrList({}, 0), () => ({ type: "unrestricted" })),
});

const current: Shape<PermissionProfile> = tagged<PermissionProfile>({
  managed: map(recordOrList({ file_system: fileSystem, network }), (fields) => ({ type: "managed", ...fields })),
  disabled: map(recordOrList({}, 0), () => ({ type: "disabled" })),
  external: map(recordOrList({ network }), ({ network }) => ({ type: "external", network })),
});

const olderFiles = either(
  map(
    closedRecordOrList({ entries: optional(list(entry), []), glob_scan_max_depth: nullable(depth) }, 1),
    ({ entries, glob_scan_max_depth }) => restricted(entries, glob_scan_max_depth),
  ),
  map(
    closedRecordOrList({ read: nullable(list(absolutePath)), write: nullable(list(absolutePath)) }, 0),
    ({ read, write }) =>
      restricted([
        ...(read ?? []).map((path) => pathEntry(path, "read")),
        ...(write ?? []).map((path) => pathEntry(path, "write")),
      ], null),
  ),
);

const older: Shape<PermissionProfile> = map(
  closedRecordOrList({
    network: nullable(recordOrList({ enabled: nullable(boolean) })),
    file_system: nullable(olderFiles),
  }, 2),
  ({ file_system, network }) => ({
    type: "managed",
    file_system: file_system ?? restricted([], null),
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
  const found = new Set<string>(), writable = new Set(roots);
  for (const root of [...roots, cwd]) {
    const git = within(root, ".git");
    const kind = disk.kind(git);
    if (kind === "file") {
      const folder = gitFolder(disk.text(git) ?? "", root);
      if (folder !== undefined && disk.kind(folder)) found.add(folder);
    }
    if (kind) found.add(git);
    for (const name of [".agents", ".codex", ".aws"]) {
      const folder = within(root, name);
      if (disk.kind(folder) === "folder" || (name === ".codex" && root === cwd)) found.add(folder);
    }
  }
  // A root of its own stays writable, as where Codex is to commit. It is known by its path, whatever links lead there.
  return [...found].filter((path) => !writable.has(path)).map((path) => ({
    ...pathEntry(path, "read"),
    missing_path_behavior: "skip",
  }));
}

/** The folder that the text of a `.git` names that is a file, as in a worktree. The root of the disk is none. */
function gitFolder(text: string, root: string): string | undefined {
  const [, key = "", after = ""] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  const target = trim(after);
  if (trim(key) !== "gitdir" || target === "") return undefined;
  const folder = windowsPathFrom(root, target) ??
    normalizePath(target.startsWith("/") ? target : `${root}/${target}`);
  return /^(?:[A-Z]:\\|\/)$/.test(folder) ? undefined : folder;
}

function within(folder: string, name: string): string {
  return windowsPathFrom(folder, name) ?? (folder.endsWith("/") ? folder + name : `${folder}/${name}`);
}
