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
  }).outputSync();
  const said = new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout);
  if (code !== 0 || /warning\[/.test(said)) {
    console.error(said);
    Deno.exit(code || 1);
  }
} finally {
  Deno.removeSync(copy, { recursive: true });
}
