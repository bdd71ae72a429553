/**
 * The parser of TOML: one that takes what Codex takes, a byte order mark and TOML 1.1 included, as `@std/toml` does not, and
 * refuses what Codex refuses. Named here rather than in `deno.json`: what that names is downloaded by everybody who runs a
 * task, and only the commands about Codex's own database need this.
 *
 * @module
 */
// deno-lint-ignore no-import-prefix -- see above
export { parse } from "npm:smol-toml@^1.9.1";
