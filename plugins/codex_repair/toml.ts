/**
 * The parser of TOML. Named here rather than in `deno.json`: what that names is downloaded by everybody who runs a task, and only
 * the commands about Codex's own database need this.
 *
 * @module
 */
// deno-lint-ignore no-import-prefix -- see above
export { parse } from "npm:smol-toml@^1.9.1";
