/**
 * Whether the module of a worker can be loaded without a question: Deno would ask on a terminal.
 *
 * @module
 */

/**
 * Whether what loading a module for a worker needs is granted.
 *
 * @param module Its address.
 */
export function isLoadable(module: URL): boolean {
  return Deno.permissions.querySync(permissionFor(module)).state === "granted";
}

/**
 * The permission that loading a module needs: a worker's is read like any other.
 *
 * @param module Its address.
 */
export function permissionFor(module: URL): Deno.PermissionDescriptor {
  if (module.protocol === "file:") return { name: "read", path: module };
  // Without a port every port would be meant, and that is granted for no host.
  return { name: "import", host: `${module.hostname}:${module.port || "443"}` };
}
