import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { defaultCodexHome, defaultDatabase } from "../../src/cli/paths.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

const environment = (variables: Record<string, string>) => (name: string) => variables[name];

for (
  const [os, variables, home] of [
    ["linux", { CODEX_HOME: "/srv/codex", HOME: "/home/me" }, "/srv/codex"],
    ["linux", { HOME: "/home/me", USERPROFILE: "/users/me" }, "/home/me/.codex"],
    ["darwin", { HOME: "/Users/me" }, "/Users/me/.codex"],
    ["windows", { CODEX_HOME: "/srv/codex", USERPROFILE: "/users/me" }, "/srv/codex"],
    ["windows", { USERPROFILE: "/users/me" }, "/users/me/.codex"],
    ["windows", { HOME: "/h", USERPROFILE: "/users/me" }, "/users/me/.codex"],
  ] as const
) {
  Deno.test(`on ${os} with ${Object.keys(variables)} the home is ${home}`, () => {
    assertEquals(defaultCodexHome(environment({ ...variables }), os), join(home));
  });
}

Deno.test("without a home directory the home of Codex must be named", () => {
  for (const [os, variable] of [["linux", "HOME"], ["windows", "USERPROFILE"]] as const) {
    const { message } = assertThrows(() => defaultCodexHome(environment({}), os), UsageError, "name --codex-home");
    assertStringIncludes(message, `${variable} is not set`);
  }
});

for (
  const [os, variables, folder] of [
    ["linux", { HOME: "/home/me" }, "/home/me/.local/share"],
    ["linux", { HOME: "/home/me", XDG_DATA_HOME: "/data" }, "/data"],
    ["linux", { HOME: "/home/me", XDG_DATA_HOME: "data" }, "/home/me/.local/share"],
    ["freebsd", { HOME: "/home/me" }, "/home/me/.local/share"],
    ["darwin", { HOME: "/Users/me", XDG_DATA_HOME: "/data" }, "/Users/me/Library/Application Support"],
    ["windows", { LOCALAPPDATA: "/users/me/AppData/Local" }, "/users/me/AppData/Local"],
    ["windows", { USERPROFILE: "/users/me" }, "/users/me/AppData/Local"],
    ["windows", { HOME: "/h", USERPROFILE: "/users/me" }, "/users/me/AppData/Local"],
  ] as const
) {
  Deno.test(`on ${os} with ${Object.keys(variables)} the database is in ${folder}`, () => {
    const found = defaultDatabase(environment({ ...variables }), os);
    assertEquals(found, join(folder, "rollout-backfill", "backfill.sqlite"));
  });
}

Deno.test("without a home directory the database must be named", () => {
  for (const os of ["linux", "darwin", "windows"] as const) {
    assertThrows(() => defaultDatabase(environment({}), os), UsageError, "name --db");
  }
});
