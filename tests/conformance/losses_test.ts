/**
 * Where Codex loses data, the default profile does not. Each case is one that Codex was seen to lose; what it left of it is
 * checked as well, so that a case that shows no loss cannot pass.
 */
import { assertEquals } from "@std/assert";
import { backfillCodex } from "../../mod.ts";
import { layHome, readCases } from "./case.ts";
import { readTables } from "./tables.ts";

/** Some columns of a thread; `null` where there is no row. */
type Columns = Readonly<Record<string, unknown>> | null;

interface Loss {
  readonly what: string;
  /** The beginning of the name of the conformance case. */
  readonly in: string;
  readonly id: string;
  readonly by: readonly ("0.99.0" | "0.169.0")[];
  /** What Codex left. */
  readonly left: Columns;
  /** What there is to know. */
  readonly kept: Columns;
}

const BOTH = ["0.99.0", "0.169.0"] as const;
const META = { source: "cli", cwd: "/srv/demo/app", cli_version: "0.98.0", created_at: 1735787045 };

const losses: readonly Loss[] = [
  {
    what: "a byte that is no UTF-8 costs the character, not the thread",
    in: "046",
    id: "01990011-06a8-7abc-9def-5eed0002e030",
    by: BOTH,
    left: null,
    kept: { title: "good", tokens_used: 5, ...META },
  },
  {
    what: "a byte-order mark costs nothing",
    in: "045",
    id: "0199000a-0682-7abc-9def-5eed0002d02e",
    by: BOTH,
    left: { source: "vscode", cli_version: "" },
    kept: META,
  },
  {
    what: "a field of an odd type costs the field, not the session_meta",
    in: "007",
    id: "01990042-010c-7abc-9def-5eed00007010",
    by: BOTH,
    left: { source: "vscode", cwd: "", cli_version: "" },
    kept: META,
  },
  {
    what: "a session_meta whose time cannot be read still names its thread",
    in: "008",
    id: "0abc0000-1111-7222-8333-444455556666",
    by: BOTH,
    left: null,
    kept: { source: "cli", cwd: "/ignored" },
  },
  {
    what: "a line of an unknown type is enough to know the thread by its file",
    in: "048",
    id: "0199001f-06f4-7abc-9def-5eed00030034",
    by: BOTH,
    left: null,
    kept: { created_at: 1717747750 },
  },
  {
    what: "the poorer copy of a thread does not overwrite the richer one",
    in: "060",
    id: "0199000a-08ad-7abc-9def-5eed0003c03d",
    by: BOTH,
    left: { title: "", tokens_used: 0, cwd: "/second" },
    kept: { title: "first copy", tokens_used: 10, cwd: "/first" },
  },
  {
    what: "the messages of the later dialect give a title",
    in: "002",
    id: "0199000a-004b-7abc-9def-5eed00002003",
    by: ["0.99.0"],
    left: { title: "", first_user_message: "" },
    kept: { title: "hello paginated", first_user_message: "hello paginated" },
  },
  {
    what: "a later kind of source costs nothing",
    in: "018",
    id: "0199000a-029b-7abc-9def-5eed00012013",
    by: ["0.99.0"],
    left: { source: "vscode", cwd: "", cli_version: "" },
    kept: { ...META, source: '{"custom":"atlas"}' },
  },
  {
    what: "a later word for the effort does not cost the turn_context",
    in: "030",
    id: "0199001f-045a-7abc-9def-5eed0001e022",
    by: ["0.99.0"],
    left: { approval_mode: "on-request" },
    kept: { approval_mode: "never" },
  },
  {
    what: "an unknown history_mode does not cost the thread",
    in: "041",
    id: "0199002d-05f3-7abc-9def-5eed0002902f",
    by: ["0.169.0"],
    left: null,
    kept: { history_mode: "legacy", source: "cli" },
  },
  {
    what: "a time before 2020 stays what it is",
    in: "012",
    id: "0199000a-01bd-7abc-9def-5eed0000c00d",
    by: ["0.169.0"],
    left: { created_at: 1577836799999 },
    kept: { created_at: 1577836799 },
  },
  {
    what: "the memory_mode of a fork is not that of its parent",
    in: "038",
    id: "0199000a-057f-7abc-9def-5eed00026027",
    by: ["0.169.0"],
    left: { memory_mode: "enabled" },
    kept: { memory_mode: "disabled" },
  },
  {
    what: "credentials in the URL of a git origin are not stored",
    in: "040",
    id: "01990026-05cd-7abc-9def-5eed0002802d",
    by: ["0.99.0"],
    left: { git_origin_url: "https://alice:s3cret@example.invalid/a.git?x=1#f" },
    kept: { git_origin_url: "https://example.invalid/a.git?x=1#f" },
  },
];

const cases = readCases();

/** The columns of a row that are asked for. */
function columnsOf(rows: readonly Readonly<Record<string, unknown>>[], id: string, like: Columns): Columns {
  const row = rows.find((one) => one.id === id);
  return row ? Object.fromEntries(Object.keys(like ?? { id }).map((name) => [name, row[name]])) : null;
}

for (const { what, in: prefix, id, by, left, kept } of losses) {
  const one = cases.find(({ name }) => name.startsWith(`${prefix}-`));
  Deno.test(`${what} (${one?.name})`, async () => {
    if (!one) throw new Error(`there is no case ${prefix}`);
    for (const version of by) assertEquals(columnsOf(one.expected[version].threads, id, left), left, version);
    const top = Deno.realPathSync(Deno.makeTempDirSync());
    const home = `${top}/home`, db = `${top}/backfill.sqlite`;
    Deno.mkdirSync(home);
    layHome(home, one);
    await backfillCodex({ codexHome: home, db, defaultProvider: one.default_provider });
    assertEquals(columnsOf(readTables(db, home).threads, id, kept), kept);
    Deno.removeSync(top, { recursive: true });
  });
}
