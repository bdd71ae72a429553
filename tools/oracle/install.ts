/**
 * The real Codex, from npm, in a folder of its own in the user's cache.
 *
 * @module
 */
import { join } from "@std/path";
import { finish } from "./children.ts";

/** A version of Codex that is installed. */
export interface Codex {
  /** Its version. */
  readonly version: string;
  /** The path of its program. */
  readonly binary: string;
}

/** npm could not install Codex: there is nothing to compare with. */
export class InstallError extends Error {
  override name = "InstallError";
}

/** The launcher script of the package is called `codex` too, but is small. */
const SMALLEST_PROGRAM = 10_000_000;

/** Installs a version of Codex, or finds it installed. */
export async function installCodex(version: string): Promise<Codex> {
  const folder = join(cacheFolder(), version);
  const present = findProgram(folder);
  if (present !== undefined) return { version, binary: present };
  const partial = `${folder}.partial-${Deno.pid}`;
  await Deno.mkdir(partial, { recursive: true });
  try {
    await npmInstall(version, partial);
    if (findProgram(partial) === undefined) {
      throw new InstallError(`npm installed Codex ${version}, but no program for this platform came with it`);
    }
    // A second oracle may have been faster: then its folder serves as well.
    await Deno.rename(partial, folder).catch(() => {});
  } finally {
    await Deno.remove(partial, { recursive: true }).catch(() => {});
  }
  const binary = findProgram(folder);
  if (binary === undefined) throw new InstallError(`Codex ${version} could not be put into ${folder}`);
  return { version, binary };
}

async function npmInstall(version: string, prefix: string): Promise<void> {
  const npm = Deno.build.os === "windows" ? "npm.cmd" : "npm";
  const args = ["install", "--prefix", prefix, "--no-audit", "--no-fund", `@openai/codex@${version}`];
  const { code, stderr } = await finish(npm, { args }, 300_000).catch((error: unknown) => {
    throw new InstallError(`npm cannot be run: ${error instanceof Error ? error.message : error}`);
  });
  if (code !== 0) {
    const reason = stderr.split("\n").filter((line) => line.startsWith("npm error")).slice(0, 2).join("; ");
    throw new InstallError(`npm cannot install Codex ${version}: ${reason || `exit code ${code}`}`);
  }
}

function cacheFolder(): string {
  const home = Deno.env.get("HOME");
  const base = Deno.env.get("XDG_CACHE_HOME") ?? (home ? join(home, ".cache") : Deno.env.get("TMPDIR") ?? "/tmp");
  return join(base, "rollout-backfill-oracle");
}

function findProgram(folder: string): string | undefined {
  for (const { path, name } of files(join(folder, "node_modules", "@openai"))) {
    if (/^codex(\.exe)?$/.test(name) && Deno.statSync(path).size > SMALLEST_PROGRAM) return path;
  }
  return undefined;
}

function* files(folder: string): Generator<{ path: string; name: string }> {
  let entries: Deno.DirEntry[];
  try {
    entries = [...Deno.readDirSync(folder)];
  } catch {
    return; // not installed
  }
  for (const { name, isDirectory, isFile } of entries) {
    const path = join(folder, name);
    if (isDirectory) yield* files(path);
    else if (isFile) yield { path, name };
  }
}
