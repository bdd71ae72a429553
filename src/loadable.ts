/**
 * Whether a module can be loaded without a question: Deno would ask on a terminal.
 *
 * @module
 */
import { hasHandles } from "./handles.ts";

/** A file that is everywhere, to see whether one can be opened where the module is none. */
const NOTHING = Deno.build.os === "windows" ? "NUL" : "/dev/null";

/**
 * Whether what loading a module for workers needs is granted, and there.
 *
 * @param module Its address.
 * @param workers How many workers.
 */
export function isLoadable(module: URL, workers = 1): boolean {
  if (Deno.permissions.querySync(permissionFor(module)).state !== "granted") return false;
  const file = module.protocol === "file:" ? module : NOTHING;
  return Deno.permissions.querySync({ name: "read", path: file }).state !== "granted" || hasHandles(file, workers);
}

/**
 * The permission that loading a module needs: a worker's is read like any other.
 *
 * @param module Its address.
 */
export function permissionFor(module: URL): Deno.PermissionDescriptor {
  if (module.protocol === "file:") return { name: "read", path: module };
  return { name: "import", host: hostOf(module) };
}

/** The host of a module's address, with its port: without one every port would be meant, and that is granted for no host. */
export function hostOf(module: URL): string {
  return `${module.hostname}:${module.port || (module.protocol === "http:" ? "80" : "443")}`;
}
