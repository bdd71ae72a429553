/**
 * The flag to give where a module may not be loaded.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { hostOf, permissionFor } from "./loadable.ts";

/**
 * The flag that allows loading a module, unless that is allowed.
 *
 * @param module Its address.
 */
export function missingFlag(module: URL): string | undefined {
  if (Deno.permissions.querySync(permissionFor(module)).state === "granted") return undefined;
  // What the flag names goes in the place of the registries that Deno allows, and the command has packages from this one.
  return module.protocol === "file:"
    ? `--allow-read=${fromFileUrl(module)}`
    : `--allow-import=${hostOf(module)},jsr.io`;
}
