/**
 * The collector of garbage of a thread, for whoever knows better than V8 when it is worth it.
 *
 * @module
 */

/**
 * How often the function is looked for. The flags are those of the process: where threads look for it at the same time, one may
 * take back what another just set.
 */
const ATTEMPTS = 20;

/**
 * Finds the function that collects the garbage of this thread. Looked for only once it is needed, for that takes some milliseconds,
 * and at once: an import would have to wait for turns that a thread at work seldom gives, while its memory grows on.
 *
 * @returns The function, or `undefined` where this version of Deno has none.
 */
export function findCollector(): (() => void) | undefined {
  try {
    // Not imported: that would cost every start a twentieth.
    const { process } = globalThis;
    const v8 = process.getBuiltinModule("node:v8"), vm = process.getBuiltinModule("node:vm");
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      v8.setFlagsFromString("--expose-gc");
      const collect: unknown = vm.runInNewContext("globalThis.gc");
      // No plugin is to see it.
      v8.setFlagsFromString("--no-expose-gc");
      if (typeof collect === "function") return () => collect();
    }
    return undefined;
  } catch {
    return undefined;
  }
}
