/**
 * The surroundings that Codex runs in: a home of its own, loopback only, nothing of the user's.
 *
 * @module
 */
import { join } from "@std/path";

/** A port that nobody listens on: what must not be reached ends there at once. */
const NOWHERE = "http://127.0.0.1:9";

/** The environment of a Codex process. */
export function environment(home: string): Record<string, string> {
  return {
    PATH: Deno.env.get("PATH") ?? "/usr/bin:/bin",
    HOME: home,
    CODEX_HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
    HTTP_PROXY: NOWHERE,
    HTTPS_PROXY: NOWHERE,
    LANG: "C.UTF-8",
    NO_PROXY: "127.0.0.1",
    RUST_LOG: "error",
    TZ: "UTC",
  };
}

/**
 * Writes the configuration of a home.
 *
 * @param home The home.
 * @param provider The name of the model provider.
 * @param url Where the provider is. Default: nowhere, which is enough for a backfill.
 */
export async function writeConfig(home: string, provider: string, url = `${NOWHERE}/v1`): Promise<void> {
  const name = JSON.stringify(provider);
  const lines = [
    'model = "gpt-5.1"',
    `model_provider = ${name}`,
    "check_for_update_on_startup = false",
    ...(provider === "openai" ? [] : [
      `[model_providers.${name}]`,
      'name = "stand-in"',
      `base_url = ${JSON.stringify(url)}`,
      'wire_api = "responses"',
    ]),
    // Without the first, 0.99 has no database; without the second, no sub-agents.
    "[features]",
    "sqlite = true",
    "collab = true",
    "[analytics]",
    "enabled = false",
    "",
  ];
  await Deno.writeTextFile(join(home, "config.toml"), lines.join("\n"));
}
