/**
 * A stand-in for JSR on loopback: it takes what `deno publish` sends, and gives it to whoever imports it. The packages that
 * ours depends on are the adapters in `compat/`, so that no test of it needs the network.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl, join, relative, SEPARATOR } from "@std/path";
import config from "../deno.json" with { type: "json" };

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** A package as the registry has it. */
interface Package {
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  /** By path below the package, beginning with a slash. */
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
}

/** What `deno publish` sent, which takes seconds. */
let sent: Uint8Array | undefined;

/** The registry. */
export class Registry implements AsyncDisposable {
  /** What has been asked for, in order. */
  readonly requests: string[] = [];
  readonly #packages = new Map<string, Package>();
  readonly #folder = Deno.makeTempDirSync({ prefix: "registry_" });
  readonly #server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    return pathname.startsWith("/api/") ? this.#manage(request, pathname) : this.#give(pathname);
  });

  /** Starts it with the adapters in it. */
  constructor() {
    for (const { name, isDirectory } of Deno.readDirSync(join(ROOT, "compat"))) {
      if (isDirectory) this.#add(join(ROOT, "compat", name));
    }
  }

  /** Its host and port, as `--allow-import` takes them. */
  get host(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  /** The environment of a process that takes it for JSR and has nothing in its cache. */
  env(): Record<string, string> {
    return { JSR_URL: `http://${this.host}/`, DENO_DIR: Deno.makeTempDirSync({ dir: this.#folder }) };
  }

  /** The files of this package that were asked for, sorted. */
  filesAskedFor(): string[] {
    const prefix = `/${config.name}/${config.version}/`;
    const files = this.requests.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
    return [...new Set(files)].sort();
  }

  /** The paths in this package, sorted. */
  paths(): string[] {
    return Array.from(this.#packages.get(config.name)?.files.keys() ?? []).sort();
  }

  /** Publishes this package: with `deno publish` the first time, and after that what that sent. */
  async publish(): Promise<void> {
    if (sent) return this.#take(sent);
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["publish", "--quiet", "--token=none", "--no-provenance", "--allow-dirty"],
      cwd: ROOT,
      env: { NO_COLOR: "1", ...this.env() },
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
  }

  /** Puts code before that of a module, which runs when the module is loaded. */
  prepend(name: string, path: string, code: string): void {
    const files = this.#packages.get(name)?.files;
    files?.set(path, new Uint8Array([...new TextEncoder().encode(`${code}\n`), ...files.get(path) ?? []]));
  }

  async #manage(request: Request, pathname: string): Promise<Response> {
    if (request.method === "POST") {
      this.#take(sent = await request.bytes());
    } else if (pathname.includes("/versions/")) {
      return Response.json({ code: "packageVersionNotFound", message: "not published yet" }, { status: 404 });
    }
    return Response.json({ id: "1", status: "success", error: null, scope: "rollout", name: "backfill" });
  }

  async #give(pathname: string): Promise<Response> {
    this.requests.push(pathname);
    const [, name = "", path = ""] = pathname.match(/^\/(@[^/]+\/[^/]+)\/(.+)$/) ?? [];
    const found = this.#packages.get(name);
    if (!found) return new Response("no such package", { status: 404 });
    const { version, exports, files } = found;
    if (path === "meta.json") return Response.json({ latest: version, versions: { [version]: {} } });
    if (path === `${version}_meta.json`) {
      const manifest = await Promise.all(
        Array.from(files, async ([file, bytes]) => [file, { size: bytes.length, checksum: await checksum(bytes) }]),
      );
      return Response.json({ exports, manifest: Object.fromEntries(manifest) });
    }
    const bytes = path.startsWith(`${version}/`) ? files.get(path.slice(version.length)) : undefined;
    if (!bytes) return new Response("no such file", { status: 404 });
    const type = path.endsWith(".json") ? "application/json" : "text/typescript";
    return new Response(bytes, { headers: { "content-type": type } });
  }

  #take(archive: Uint8Array): void {
    const folder = join(this.#folder, "published"), path = `${folder}.tar.gz`;
    Deno.mkdirSync(folder);
    Deno.writeFileSync(path, archive);
    const { success } = new Deno.Command("tar", { args: ["-xzf", path, "-C", folder] }).outputSync();
    assertEquals(success, true, "what was published is an archive");
    // Its files have no modes, so that they may not even be read once they are unpacked.
    if (Deno.build.os !== "windows") { for (const file of filesIn(folder)) Deno.chmodSync(file, 0o600); }
    this.#add(folder);
  }

  #add(folder: string): void {
    const { name, version, exports } = JSON.parse(Deno.readTextFileSync(join(folder, "deno.json")));
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const path of filesIn(folder)) {
      files.set(`/${relative(folder, path).replaceAll(SEPARATOR, "/")}`, Deno.readFileSync(path));
    }
    this.#packages.set(name, { version, exports: typeof exports === "string" ? { ".": exports } : exports, files });
  }

  /** Stops it, and removes what was published. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

function* filesIn(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* filesIn(join(folder, name));
    else yield join(folder, name);
  }
}

async function checksum(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return `sha256-${new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex()}`;
}
