import { assert, assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { lengthOfJson, pack, transferred, unpack } from "../../src/pool/packed.ts";

Deno.test("pack() makes JSON of what JSON gives back", () => {
  for (const value of [null, true, 0, 1.5, "", "\ud800 \u2028 \0", [], [[1], {}], { a: { b: ["c", null] } }]) {
    const packed = pack(value);
    assertEquals(packed, { json: new TextEncoder().encode(JSON.stringify(value)) });
    assertEquals(unpack(packed), value);
  }
});

Deno.test("what pack() made is handed over without a copy", () => {
  for (const value of [["\ufeff", "\ud800", "😀"], { tokens: 2n ** 53n }]) {
    const packed = pack<unknown>(value), transfer = transferred(packed);
    assertEquals(transfer.length, "json" in packed ? 1 : 0);
    assertEquals(unpack(structuredClone(packed, { transfer })), value);
    assertEquals(transfer.map(({ byteLength }) => byteLength), transfer.map(() => 0));
  }
});

Deno.test("a long text is sent once, however often it stands in a value", () => {
  const text = "\ufefflong é ".repeat(100_000), other = `${text}!`, half = `${text}\ud800`;
  const value = [{ title: text, first: text, preview: text, path: "/a" }, [other, other], half, "short"];
  const packed = pack<unknown>(value), transfer = transferred(packed);
  assert("json" in packed && packed.long);
  assertEquals(packed.long.texts.map((bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)), [
    text,
    other,
  ]);
  assertEquals(transfer.length, 3);
  assert(lengthOfJson(packed) < 2 * new TextEncoder().encode(text).length + 2 * new TextEncoder().encode(half).length);
  assertEquals(unpack(structuredClone(packed, { transfer })), value);
});

Deno.test("pack() leaves alone what JSON would change", () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const holes = new Array(2);
  let deep: unknown = 1;
  for (let depth = 0; depth < 40; depth++) deep = [deep];
  const others = [
    undefined,
    NaN,
    -0,
    Infinity,
    2n ** 60n,
    new Date(0),
    new Map([[1, 2]]),
    new Uint8Array(3),
    holes,
    cyclic,
    deep,
  ];
  for (const value of [...others, { a: [undefined] }, { tokens: 2n ** 53n }, [{ at: new Date(1) }], { a: undefined }]) {
    const packed = pack<unknown>(value);
    assertEquals("json" in packed, false);
    assertEquals(Object.is(unpack(packed), value), true);
  }
});

Deno.test("pack() leaves alone what holds itself many times, and does not go through all of it", () => {
  const parent: { children: unknown[] } = { children: [] };
  parent.children = Array.from({ length: 1000 }, () => ({ parent }));
  assertEquals("json" in pack<unknown>(parent), false);
  assertEquals("json" in pack<unknown>(new Array(1 << 18).fill(0)), false);
});

Deno.test("a packed value arrives as by structuredClone, whatever it is", () => {
  const leaf = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.double(),
    fc.bigInt(),
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.date({ noInvalidDate: true }),
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      leaf,
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie("tree"), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  fc.assert(fc.property(tree, (value) => {
    assertEquals(structuredClone(unpack(structuredClone(pack(value)))), structuredClone(value));
  }));
});
