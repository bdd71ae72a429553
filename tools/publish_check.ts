/**
 * Checks that the package can be published, also where JSR cannot be reached: in a copy of what would be published, the
 * packages from JSR are linked to the adapters in `compat/`.
 */
import { cpSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import config from "../deno.json" with { type: "json" };

const root = fileURLToPath(new URL("..", import.meta.url));
const copy = Deno.makeTempDirSync();
try {
  for (const path of config.publish.include) cpSync(`${root}/${path}`, `${copy}/${path}`, { recursive: true });
  const links = readdirSync(`${root}/compat`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${root}/compat/${entry.name}`);
  Deno.writeTextFileSync(`${copy}/deno.json`, JSON.stringify({ ...config, links }));
  const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["publish", "--dry-run", "--allow-dirty"],
    cwd: copy,
    env: { NO_COLOR: "1" },
  }).outputSync();
  const said = new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout);
  // A sink that the user names and the plugins of a worker are imported by addresses that only a run knows.
  const warnings = said.matchAll(/warning\[([\w-]+)\]/g).filter(([, rule]) => rule !== "unanalyzable-dynamic-import");
  if (code !== 0 || warnings.some(() => true)) {
    console.error(said);
    Deno.exit(code || 1);
  }
} finally {
  Deno.removeSync(copy, { recursive: true });
}
