/**
 * Text that a terminal, a browser, SQL, a shell, a path or a reader's eye would act on.
 *
 * @module
 */

/** What may stand in a file name. */
export const CHARGED_NAME = [
  ...[
    "\u001b[2J\u001b]0;title\u0007",
    "\u009b31m\u0085",
    "\u202egnp.exe\u2066",
    "line\nbreak\r\ttab",
    "\u007f\u0008\u200b",
  ],
  ...["\u2028\ufeff", "<img src=x onerror=alert(1)>", "'); DROP TABLE threads; --", "$(id)`id`", "..", "-rf"],
].join(" ").replaceAll("/", "");

/** What may stand in a rollout: a path too. */
export const CHARGED = `${CHARGED_NAME} ../../../../etc/passwd </script><script>alert(1)</script> %s {{7*7}} \u0001`;

/** What must not reach a terminal as it is. Line breaks are judged by where they stand. */
// deno-lint-ignore no-control-regex -- control characters are what it is about
export const ACTIVE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
