/**
 * Compiles the scanner's source. The same source always gives the same bytes.
 */
// deno-lint-ignore no-import-prefix -- what deno.json names is downloaded by everybody who runs a task
import asc from "npm:assemblyscript@0.28.20/asc";

const SOURCES = new URL("./assembly/", import.meta.url);

/** The file that has what comes out. */
const ENTRY = "scanner.ts";

/** How the compiler is called: nothing but the functions and their memory comes out. */
const FLAGS = [
  ...["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd", "--initialMemory", "7"],
];

/** Where the result is kept. */
export const MODULE: URL = new URL("../../plugins/extractor_codex/scanner/wasm_bytes.ts", import.meta.url);

/** Compiles the scanner and returns the text of the module that holds it. */
export async function compileScanner(): Promise<string> {
  const sources = new Map(
    [...Deno.readDirSync(SOURCES)].map(({ name }) => [name, Deno.readTextFileSync(new URL(name, SOURCES))]),
  );
  let bytes: Uint8Array | undefined;
  const { error, stderr } = await asc.main([ENTRY, ...FLAGS, "--outFile", "scanner.wasm"], {
    readFile: (name: string) => sources.get(name) ?? null,
    writeFile: (_name, contents) => {
      if (typeof contents !== "string") bytes = contents;
    },
    listFiles: () => [],
  });
  if (error || !bytes) throw new Error(`Cannot compile "${SOURCES.pathname}": ${stderr.toString()}`);
  return moduleOf(bytes);
}

function moduleOf(bytes: Uint8Array): string {
  const lines = bytes.toBase64().match(/.{1,108}/g) ?? [];
  return [
    "/**",
    " * The scanner as WebAssembly, in Base64. Made by `deno task build:scanner` from tools/scanner/assembly.",
    " *",
    " * @module",
    " */",
    "",
    "/** The bytes of the WebAssembly module. */",
    "export const SCANNER_BASE64: string = [",
    ...lines.map((line) => `  "${line}",`),
    '].join("");',
    "",
  ].join("\n");
}
