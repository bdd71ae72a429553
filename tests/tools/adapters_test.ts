/**
 * The adapters in `compat/` do what the packages from JSR do: each of these holds for both.
 */
import { assertEquals, assertRejects, equal } from "@std/assert";
import { copy, walkSync } from "@std/fs";
import { join } from "@std/path";

Deno.test("buffers and views are equal by their bytes", () => {
  const buffer = (...bytes: number[]) => new Uint8Array(bytes).buffer;
  const view = (...bytes: number[]) => new DataView(buffer(...bytes));
  const shared = (...bytes: number[]) => {
    const made = new SharedArrayBuffer(bytes.length);
    new Uint8Array(made).set(bytes);
    return made;
  };
  for (const make of [buffer, view, shared]) {
    const equals = [make(1, 2), make(1, 3), make(1)].map((other) => equal(make(1, 2), other));
    assertEquals(equals, [true, false, false]);
  }
});

Deno.test("an extension is one with its dot", () => {
  const folder = Deno.makeTempDirSync();
  try {
    for (const name of ["x.ts", "yts"]) Deno.writeTextFileSync(join(folder, name), "");
    for (const ext of ["ts", ".ts"]) {
      assertEquals(Array.from(walkSync(folder, { exts: [ext] }), ({ name }) => name), ["x.ts"]);
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a folder is copied over another only if that is to be overwritten", async () => {
  const folder = Deno.makeTempDirSync(), from = join(folder, "from"), to = join(folder, "to");
  try {
    for (const [path, name] of [[from, "a"], [to, "b"]] as const) {
      Deno.mkdirSync(path);
      Deno.writeTextFileSync(join(path, name), "");
    }
    const names = () => Array.from(Deno.readDirSync(to), ({ name }) => name).sort();
    await assertRejects(() => copy(from, to), Deno.errors.AlreadyExists);
    assertEquals(names(), ["b"]);
    await copy(from, to, { overwrite: true });
    assertEquals(names(), ["a", "b"]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
