/**
 * The library that makes random input and shrinks it. Named here rather than in `deno.json`: what that names is downloaded by
 * everybody who runs a task, and only the tests need this.
 */
// deno-lint-ignore no-import-prefix -- see above
export { default } from "npm:fast-check@^4.10.2";
