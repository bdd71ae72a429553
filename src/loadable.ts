/**
 * Whether the module of a worker can be loaded without a question: Deno would ask on a terminal.
 *
 * @module
 */
import { hasHandles } from "./handles.ts";

/**
 * Whether what loading a module for workers needs is granted, and there.
 *
 * @param module Its address.
 * @param workers How many workers.
 */
export function isLoadable(module: URL, workers = 1): boolean {
  if (Deno.permissions.querySync(permissionFor(module)).state !== "granted") return false;
  return module.protocol !== "file:" || hasHandles(module, workers);
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
