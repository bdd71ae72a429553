/**
 * The real Codex, and other programs to compare with, from npm, each in a folder of its own in the user's cache.
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

/** npm could not install a program: there is nothing to compare with. */
export class InstallError extends Error {
  override name = "InstallError";
}

/** A program that npm has as part of a package. */
export interface NpmProgram {
  /** What it is called in messages. */
  readonly label: string;
  /** What npm is to install. */
  readonly spec: string;
  /** The name of its folder in the cache. */
  readonly folder: string;
  /** The scope of the packages that the program itself comes in. */
  readonly scope: string;
  /** The base name of the program. */
  readonly program: RegExp;
  /** The least size of the program, in bytes: the launcher script of a package has the same name, but is small. */
  readonly smallest: number;
}

/**
 * Installs a version of Codex, or finds it installed.
 *
 * @throws {InstallError} If npm cannot.
 */
export async function installCodex(version: string): Promise<Codex> {
  const binary = await installProgram({
    label: `Codex ${version}`,
    spec: `@openai/codex@${version}`,
    folder: version,
    scope: "@openai",
    program: /^codex(\.exe)?$/,
    smallest: 10_000_000,
  });
  return { version, binary };
}

/**
 * Installs a program, or finds it installed.
 *
 * @returns The path of the program.
 * @throws {InstallError} If npm cannot.
 */
export async function installProgram(wanted: NpmProgram): Promise<string> {
  const folder = join(cacheFolder(), wanted.folder);
  const present = findProgram(folder, wanted);
  if (present !== undefined) return present;
  const partial = `${folder}.partial-${Deno.pid}`;
  await Deno.mkdir(partial, { recursive: true });
  try {
    await npmInstall(wanted, partial);
    const program = findProgram(partial, wanted);
    if (program === undefined) {
      throw new InstallError(`npm installed ${wanted.label}, but no program for this platform came with it`);
    }
    // Some packages leave it to their launcher to make the program one.
    if (Deno.build.os !== "windows") await Deno.chmod(program, 0o755);
    // A second oracle may have been faster: then its folder serves as well.
    await Deno.rename(partial, folder).catch(() => {});
  } finally {
    await Deno.remove(partial, { recursive: true }).catch(() => {});
  }
  const binary = findProgram(folder, wanted);
  if (binary === undefined) throw new InstallError(`${wanted.label} could not be put into ${folder}`);
  return binary;
}

async function npmInstall({ label, spec }: NpmProgram, prefix: string): Promise<void> {
  const npm = Deno.build.os === "windows" ? "npm.cmd" : "npm";
  // Where there is no network, that shall be clear soon.
  const patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"];
  const args = ["install", "--prefix", prefix, "--no-audit", "--no-fund", ...patience, spec];
  const { code, stderr } = await finish(npm, { args }, 300_000).catch((error: unknown) => {
    throw new InstallError(`npm cannot be run: ${error instanceof Error ? error.message : error}`);
  });
  if (code !== 0) {
    const reason = stderr.split("\n").filter((line) => line.startsWith("npm error")).slice(0, 2).join("; ");
    throw new InstallError(`npm cannot install ${label}: ${reason || `exit code ${code}`}`);
  }
}

function cacheFolder(): string {
  const home = Deno.env.get("HOME");
  const base = Deno.env.get("XDG_CACHE_HOME") ?? (home ? join(home, ".cache") : Deno.env.get("TMPDIR") ?? "/tmp");
  return join(base, "rollout-backfill-oracle");
}

function findProgram(folder: string, { scope, program, smallest }: NpmProgram): string | undefined {
  const programs = [...files(join(folder, "node_modules", scope))]
    .filter(({ path, name }) => program.test(name) && Deno.statSync(path).size > smallest)
    .map(({ path }) => path);
  // Older packages hold the programs of every platform.
  return programs.length > 1 ? programs.find(isOfThisPlatform) : programs[0];
}

function isOfThisPlatform(path: string): boolean {
  return path.includes(`${Deno.build.arch}-`) && path.includes(`-${Deno.build.os}`);
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
