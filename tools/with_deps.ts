/**
 * Runs a `deno` command with the packages from JSR, or, where JSR cannot be reached, with the adapters in `compat/`.
 *
 *     deno run -A tools/with_deps.ts test -A
 */
import { fileURLToPath } from "node:url";

const [command = "help", ...rest] = Deno.args;
const probe = new URL("@std/path/meta.json", Deno.env.get("JSR_URL") ?? "https://jsr.io/");
const reachable = await fetch(probe, { signal: AbortSignal.timeout(2_000) })
  .then(async (response) => (await response.body?.cancel(), response.ok), () => false);
const importMap = fileURLToPath(new URL("../compat/import_map.json", import.meta.url));
if (!reachable) console.error(`JSR cannot be reached: using the adapters of ${importMap}`);

const child = new Deno.Command(Deno.execPath(), {
  args: [command, ...(reachable ? [] : [`--import-map=${importMap}`]), ...rest],
  env: reachable ? {} : { BACKFILL_IMPORT_MAP: importMap },
}).spawn();
const pass = (signal: Deno.Signal): void => {
  try {
    child.kill(signal);
  } catch { /* it has ended already */ }
};
const windows = Deno.build.os === "windows";
const signals: Deno.Signal[] = windows ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
for (const signal of signals) Deno.addSignalListener(signal, () => pass(signal));
// A task that is killed outright passes nothing on. Whom it leaves behind has another parent then.
const parent = Deno.ppid;
if (!windows) setInterval(() => Deno.ppid === parent || pass("SIGTERM"), 1_000);
Deno.exit((await child.status).code);
