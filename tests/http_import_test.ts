/**
 * What a user of JSR does: import the module over HTTP, with no more permissions than it needs.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join, toFileUrl } from "@std/path";
import config from "../deno.json" with { type: "json" };
import { denoRun } from "./child.ts";
import { TemporaryHome } from "./home.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** Serves the published files, and nothing else, from loopback. */
function servePackage(): { url: string; requests: string[]; close: () => Promise<void> } {
  const requests: string[] = [];
  const published = [...config.publish.include, "compat"];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const path = new URL(request.url).pathname.slice(1);
    requests.push(path);
    if (!published.some((one) => path === one || path.startsWith(`${one}/`)) || path.includes("..")) {
      return new Response("not published", { status: 404 });
    }
    try {
      const type = path.endsWith(".json") ? "application/json" : "text/typescript";
      return new Response(Deno.readFileSync(join(ROOT, path)), { headers: { "content-type": type } });
    } catch {
      return new Response("not found", { status: 404 });
    }
  });
  return { url: `http://127.0.0.1:${server.addr.port}`, requests, close: () => server.shutdown() };
}

/** Maps the package to the server, and what it imports to wherever these tests get it from. */
function writeImportMap(folder: string, url: string): string {
  const map = Deno.env.get("BACKFILL_IMPORT_MAP");
  const packages: Record<string, string> = map
    ? Object.fromEntries(
      Object.entries<string>(JSON.parse(Deno.readTextFileSync(map)).imports)
        .map(([name, target]) => [name, target.startsWith("./") ? `${url}/compat/${target.slice(2)}` : target]),
    )
    : config.imports;
  const exports = Object.entries(config.exports).map(([path, file]) =>
    [path === "." ? "@rollout/backfill" : `@rollout/backfill${path.slice(1)}`, `${url}${file.slice(1)}`] as const
  );
  const file = join(folder, "import_map.json");
  Deno.writeTextFileSync(file, JSON.stringify({ imports: { ...packages, ...Object.fromEntries(exports) } }));
  return file;
}

async function runOverHttp(script: string, permissions: (home: TemporaryHome, host: string) => string[]) {
  using home = new TemporaryHome();
  home.rollout(1);
  const server = servePackage();
  try {
    const module = join(home.top, "main.ts");
    Deno.writeTextFileSync(module, script);
    Deno.writeTextFileSync(home.db, "");
    const map = writeImportMap(home.top, server.url);
    const { code, stdout, stderr } = await denoRun(toFileUrl(module).href, [home.path, home.db], {
      permissions: [`--import-map=${map}`, ...permissions(home, new URL(server.url).host)],
      env: { DENO_DIR: Deno.makeTempDirSync({ dir: home.top }), BACKFILL_URL: server.url },
      ownImportMap: true,
    }).output();
    const text = new TextDecoder();
    return { code, stdout: text.decode(stdout), stderr: text.decode(stderr), requests: server.requests };
  } finally {
    await server.close();
  }
}

Deno.test("the module imported over HTTP backfills with the least permissions", async () => {
  const script = `
    import { backfillCodex } from "@rollout/backfill";
    const [codexHome, db] = Deno.args;
    const report = await backfillCodex({ codexHome, db });
    console.log(report.status, report.upserted);
  `;
  const { code, stdout, stderr } = await runOverHttp(script, (home, host) => [
    `--allow-import=${host}`,
    `--allow-read=${home.path},${home.db}`,
    `--allow-write=${home.db}`,
  ]);
  assertEquals([code, stdout, stderr], [0, "complete 1\n", ""]);
});

Deno.test("every entry point can be imported over HTTP without any permission", async () => {
  const names = Object.keys(config.exports).map((path) => `@rollout/backfill${path.slice(1)}`);
  const script = names.map((name) => `import * as _${names.indexOf(name)} from "${name}";`).join("\n") +
    `\nconsole.log("imported");`;
  const { code, stdout, stderr } = await runOverHttp(script, (_, host) => [`--allow-import=${host}`]);
  assertEquals([code, stdout, stderr], [0, "imported\n", ""]);
});

Deno.test("a home that may not be read is an error that names the permission", async () => {
  const script = `
    import { backfillCodex } from "@rollout/backfill";
    const [codexHome, db] = Deno.args;
    await backfillCodex({ codexHome, db }).catch((error) => console.log(error.message));
  `;
  const { stdout } = await runOverHttp(script, (_, host) => [`--allow-import=${host}`]);
  assertStringIncludes(stdout, "--allow-read");
});
