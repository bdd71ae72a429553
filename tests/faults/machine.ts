/**
 * What this machine allows, so that a test that needs more says why it is skipped.
 */

/** Runs a program, and says whether it worked. */
function works(program: string, ...args: string[]): boolean {
  try {
    return new Deno.Command(program, { args, stdin: "null", stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

/** Why there is no such program here, or nothing. */
export function without(...programs: readonly string[]): string | undefined {
  const missing = programs.find((program) => !works(program, "--version") && !works(program, "--help"));
  return missing === undefined ? undefined : `there is no ${missing} here`;
}

/** Why no small disk can be mounted, or nothing. */
export function withoutMount(): string | undefined {
  if (Deno.build.os !== "linux") return "it mounts a tmpfs, which only Linux has";
  const folder = Deno.makeTempDirSync();
  try {
    if (!works("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder)) return "a tmpfs cannot be mounted here";
    works("umount", folder);
    return undefined;
  } finally {
    Deno.removeSync(folder);
  }
}

/** Why modes of files do not bind, or nothing. */
export function withoutModes(): string | undefined {
  if (Deno.build.os === "windows") return "Windows has no modes of files";
  return Deno.uid() === 0 ? without("setpriv") : undefined;
}

/** Why limits cannot be set for a process, or nothing. */
export function withoutLimits(): string | undefined {
  return Deno.build.os === "windows" ? "Windows has no ulimit" : without("bash");
}

/** Why signals cannot be sent, or nothing. */
export function withoutSignals(): string | undefined {
  return Deno.build.os === "windows" ? "Windows has no signals" : undefined;
}

/** Why the calls of a process cannot be traced, or nothing. */
export function withoutTrace(): string | undefined {
  if (Deno.build.os !== "linux") return "strace is for Linux";
  return without("strace") ??
    (works("strace", "-f", "-qq", "-o", "/dev/null", "true") ? undefined : "strace may not trace here");
}

/** A small disk that is gone afterwards. */
export class SmallDisk implements Disposable {
  /** Mounts it over an empty folder. */
  constructor(readonly path: string, size: string) {
    Deno.mkdirSync(path);
    if (!works("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path)) throw new Error(`cannot mount ${path}`);
  }

  /** Gives it another size. */
  resize(size: string): void {
    if (!works("mount", "-o", `remount,size=${size}`, this.path)) throw new Error(`cannot resize ${this.path}`);
  }

  [Symbol.dispose](): void {
    works("umount", "-l", this.path);
  }
}

/** Registers a test that is skipped, for the reason that its name then gives, where the machine lacks something. */
export function faultTest(name: string, lacks: string | undefined, fn: () => Promise<void>): void {
  Deno.test({ name: lacks === undefined ? name : `${name} (skipped: ${lacks})`, ignore: lacks !== undefined, fn });
}
