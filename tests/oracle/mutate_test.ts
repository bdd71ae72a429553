/**
 * Mutations: decided by the seed, and of every kind.
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { mutateLine } from "../../tools/oracle/mutate_line.ts";
import { mutateRollout } from "../../tools/oracle/mutate_rollout.ts";
import { mutateHome } from "../../tools/oracle/mutated_home.ts";
import { rollouts } from "../../tools/oracle/homes.ts";
import { Random } from "../../tools/oracle/random.ts";

const ID = "0190aaaa-bbbb-7ccc-8ddd-000000000001";
const LINES = [
  `{"timestamp":"2026-01-02T03:04:05Z","type":"session_meta","payload":{"id":"${ID}","cwd":"/srv/demo","git":{"branch":"main"}}}`,
  '{"timestamp":"2026-01-02T03:04:06Z","type":"event_msg","payload":{"type":"user_message","message":"a \\"quoted\\" prompt"}}',
];

function home(): string {
  const folder = Deno.makeTempDirSync();
  Deno.mkdirSync(`${folder}/from/sessions`, { recursive: true });
  Deno.writeTextFileSync(`${folder}/from/sessions/rollout-2026-01-02T03-04-05-${ID}.jsonl`, `${LINES.join("\n")}\n`);
  return folder;
}

function contents(folder: string): [string, number | undefined, string][] {
  return rollouts(folder).map((path) => {
    const at = `${folder}/${path}`;
    return [path, Deno.statSync(at).mtime?.getTime(), Deno.readFileSync(at).toHex()];
  });
}

Deno.test("a line is changed in every way, whatever that makes of its JSON", () => {
  const line = LINES[1] ?? "";
  const ways = new Set<string>();
  let unchanged = 0, unparseable = 0;
  for (let seed = 0; seed < 400; seed++) {
    const mutated = mutateLine(line, new Random(seed));
    assert(mutated);
    // A new value may happen to be the old one.
    if (mutated.line === line) unchanged++;
    if (!isJson(mutated.line)) unparseable++;
    ways.add(mutated.what.replace(/ = .*| twice.*| named.*/s, (how) => how.slice(0, 4)).replace(/(further) .*/, "$1"));
  }
  for (const way of ["without message", "message = ", "timestamp twi", "payload nam", "a further"]) {
    assert([...ways].some((seen) => seen.startsWith(way)), `${way} of ${[...ways]}`);
  }
  assert(unchanged < 20);
  assert(unparseable > 0 && unparseable < 100);
});

Deno.test("a line without members cannot be changed", () => {
  for (const line of ["", "[]", '"text"', "garbage"]) assertEquals(mutateLine(line, new Random(1)), undefined);
});

Deno.test("a rollout is changed, its original lines are not", () => {
  const lines = [...LINES];
  const changed = new Set<string>();
  for (let seed = 0; seed < 100; seed++) {
    const { bytes, what } = mutateRollout(lines, LINES, new Random(seed));
    assert(what.length > 0);
    changed.add(bytes.toHex());
  }
  assertEquals(lines, LINES);
  assert(changed.size > 80);
});

Deno.test("the same seed gives the same home, another seed another", async () => {
  const folder = home();
  try {
    for (const [name, seed] of [["one", 5], ["two", 5], ["three", 6]] as const) {
      const notes = await mutateHome(`${folder}/from`, `${folder}/${name}`, 40, seed);
      assertEquals([...notes.keys()].sort(), rollouts(`${folder}/${name}`));
      assertEquals(notes.size, 40);
    }
    assertEquals(contents(`${folder}/one`), contents(`${folder}/two`));
    assertNotEquals(contents(`${folder}/one`), contents(`${folder}/three`));
    assertEquals(Deno.readTextFileSync(`${folder}/from/${rollouts(`${folder}/from`)[0]}`), `${LINES.join("\n")}\n`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
