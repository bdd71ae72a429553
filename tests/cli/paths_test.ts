import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { defaultCodexHome, defaultDatabase } from "../../src/cli/paths.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

const environment = (variables: Record<string, string>) => (name: string) => variables[name];

Deno.test("the home is $CODEX_HOME, else ~/.codex", () => {
  assertEquals(defaultCodexHome(environment({ CODEX_HOME: "/srv/codex", HOME: "/home/me" })), "/srv/codex");
  assertEquals(defaultCodexHome(environment({ HOME: "/home/me" })), join("/home/me", ".codex"));
  assertEquals(defaultCodexHome(environment({ USERPROFILE: "/users/me" })), join("/users/me", ".codex"));
  assertThrows(() => defaultCodexHome(environment({})), UsageError, "name --codex-home");
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
