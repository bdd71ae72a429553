/**
 * Lints the documentation of every entry point that `deno.json` exports.
 */
import config from "../deno.json" with { type: "json" };

const root = new URL("..", import.meta.url);
const { code } = new Deno.Command(Deno.execPath(), {
  args: ["run", "-q", "-A", "tools/with_deps.ts", "doc", "--lint", "-q", ...Object.values(config.exports)],
  cwd: root,
  // The documentation itself is of no interest here.
  stdout: "null",
  stderr: "inherit",
}).outputSync();
Deno.exit(code);
