/**
 * The sandbox policy of a turn, in the form that Codex 0.99.0 writes and stores.
 *
 * @module
 */
import { boolean, list, map, oneOf, optional, recordOrList, type Shape, tagged } from "./shape.ts";
import { absolutePath, absolutePathAnywhere } from "./common.ts";

/** A sandbox policy. */
export type SandboxPolicy =
  | { readonly type: "danger-full-access" }
  | { readonly type: "read-only"; readonly network_access: boolean }
  | { readonly type: "external-sandbox"; readonly network_access: "restricted" | "enabled" }
  | {
    readonly type: "workspace-write";
    readonly writable_roots: readonly string[];
    readonly network_access: boolean;
    readonly exclude_tmpdir_env_var: boolean;
    readonly exclude_slash_tmp: boolean;
  };

const external = map(
  recordOrList({ network_access: optional(oneOf("restricted", "enabled"), "restricted" as const) }, 0),
  ({ network_access }): SandboxPolicy => ({ type: "external-sandbox", network_access }),
);

/** Where what may be written is on the disk of that kind. */
function workspaceWriteIn(place: Shape<string>): Shape<SandboxPolicy> {
  return map(
    recordOrList({
      writable_roots: optional(list(place), []),
      network_access: optional(boolean, false),
      exclude_tmpdir_env_var: optional(boolean, false),
      exclude_slash_tmp: optional(boolean, false),
    }, 0),
    (fields): SandboxPolicy => ({ type: "workspace-write", ...fields }),
  );
}

const bare = (type: "danger-full-access" | "read-only"): Shape<SandboxPolicy> =>
  map(
    recordOrList({}, 0),
    () => type === "read-only" ? { type, network_access: false } : { type },
  );

/** What Codex 0.99.0 takes. */
export const sandboxPolicy099: Shape<SandboxPolicy> = tagged({
  "danger-full-access": bare("danger-full-access"),
  "read-only": bare("read-only"),
  "external-sandbox": external,
  "workspace-write": workspaceWriteIn(absolutePath),
});

function newerPolicyIn(place: Shape<string>): Shape<SandboxPolicy> {
  return tagged({
    "danger-full-access": bare("danger-full-access"),
    "read-only": map(
      recordOrList({ network_access: optional(boolean, false) }, 0),
      ({ network_access }): SandboxPolicy => ({ type: "read-only", network_access }),
    ),
    "external-sandbox": external,
    "workspace-write": workspaceWriteIn(place),
  });
}

/** What Codex 0.169.0 takes: reading may come with access to the network. */
export const sandboxPolicy0169: Shape<SandboxPolicy> = newerPolicyIn(absolutePath);

/** The same with the paths of any system: which one reads a rollout is another question than which one wrote it. */
export const sandboxPolicyLenient: Shape<SandboxPolicy> = newerPolicyIn(absolutePathAnywhere);

/** The policy of a thread that says nothing of one. */
export const READ_ONLY: SandboxPolicy = { type: "read-only", network_access: false };

/** The text that Codex 0.99.0 stores. */
export function storedPolicy(policy: SandboxPolicy): string {
  switch (policy.type) {
    case "danger-full-access":
    case "read-only":
      return JSON.stringify({ type: policy.type });
    case "external-sandbox":
      return JSON.stringify({ type: policy.type, network_access: policy.network_access });
    case "workspace-write": {
      const { type, writable_roots, network_access, exclude_tmpdir_env_var, exclude_slash_tmp } = policy;
      const roots = writable_roots.length > 0 ? { writable_roots } : {};
      return JSON.stringify({ type, ...roots, network_access, exclude_tmpdir_env_var, exclude_slash_tmp });
    }
  }
}
