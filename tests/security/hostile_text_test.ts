/**
 * What rollouts, file names and folders say reaches the terminal, JSON and the database only as data.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { basename, join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { type ChildResult, runCli } from "../child.ts";
import { faultTest, withoutModes } from "../faults/machine.ts";
import { rolloutText, TemporaryHome, threadId } from "../home.ts";
import { ACTIVE, CHARGED, CHARGED_NAME } from "./charged_text.ts";

const noNames = Deno.build.os === "windows" ? "Windows allows no such names" : undefined;

/** Checks that a text moves no cursor and turns no line, and that it has as many lines as its writer meant. */
function assertPlain(text: string, lines?: number): void {
  const found = ACTIVE.exec(text);
  assert(!found, `U+${found?.[0].charCodeAt(0).toString(16)} in ${JSON.stringify(text)}`);
  if (lines !== undefined) assertEquals(text.trimEnd().split("\n").length, lines, text);
}

/** As the command spells it for a person. */
function escaped(text: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what it is about
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b\u2028\u202e\u2066\ufeff]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** Puts the charged text into everything that a rollout can say. */
function chargedRollout(id: string): string {
  const text = rolloutText(id, CHARGED).replaceAll('"/srv/demo"', JSON.stringify(`/srv/${CHARGED}`))
    .replaceAll('"codex_cli_rs"', JSON.stringify(CHARGED)).replaceAll('"0.99.0"', JSON.stringify(CHARGED))
    .replaceAll('"model_provider":"openai"', `"model_provider":${JSON.stringify(CHARGED)}`);
  const unknown = { timestamp: "2026-01-27T12:34:58.000Z", type: CHARGED, payload: {} };
  const event = { ...unknown, type: "event_msg", payload: { type: CHARGED } };
  return `${text}${JSON.stringify(unknown)}\n${JSON.stringify(event)}\n`;
}

/** A home in whose path, folders, file names and rollouts nothing is harmless. */
class ChargedHome extends TemporaryHome {
  readonly charged: string = join(this.top, `home ${CHARGED_NAME}`);
  readonly source = `source ${CHARGED}`;
  override readonly db: string = join(this.top, `db ${CHARGED_NAME}.sqlite`);
  readonly good = `sessions/${CHARGED_NAME}/rollout-${CHARGED_NAME}2026.jsonl`;
  readonly bad = `archived_sessions/rollout-${CHARGED_NAME}.jsonl`;

  constructor() {
    super();
    this.write(this.good, chargedRollout(threadId(1)));
    this.write(this.bad, `${CHARGED}\n{"type":${JSON.stringify(CHARGED)}}\n`);
    Deno.renameSync(this.path, this.charged);
  }

  command(name: string, ...flags: string[]): Promise<ChildResult> {
    const run = name === "run" ? ["--codex-home", this.charged, "--source", this.source] : [];
    return runCli([name, "--db", this.db, ...run, ...flags]);
  }
}

faultTest("hostile names and texts are printed escaped, a line for a line", noNames, async () => {
  using home = new ChargedHome();
  const run = await home.command("run", "--metrics", "console");
  assertEquals(run.code, 3, run.stderr);
  assertPlain(run.stdout);
  assertPlain(run.stderr);
  assertStringIncludes(run.stderr, `failed (empty): ${escaped(join(home.charged, home.bad))}: `);
  assertStringIncludes(run.stdout, `database: ${escaped(home.db)}`);
  assertEquals(run.stderr.match(/^failed/gm)?.length, 1);
  for (const line of run.stderr.trimEnd().split("\n")) {
    assert(/^(failed \(empty\): |codex\.db\.|rollout\.backfill\.)/.test(line), line);
  }
  const failures = await home.command("failures");
  assertEquals([failures.code, failures.stderr], [0, ""]);
  assertPlain(failures.stdout, 3);
  assertStringIncludes(failures.stdout, escaped(home.bad));
  const status = await home.command("status");
  assertEquals([status.code, status.stderr], [0, ""]);
  assertPlain(status.stdout);
  assertStringIncludes(status.stdout, escaped(home.source));
});

faultTest("hostile names and texts are exact in JSON, which is plain text all the same", noNames, async () => {
  using home = new ChargedHome();
  const [run, failures, status] = [
    await home.command("run", "--json"),
    await home.command("failures", "--json"),
    await home.command("status", "--json"),
  ];
  for (const { stdout } of [run, failures, status]) assertPlain(stdout);
  const report = JSON.parse(run.stdout);
  assertEquals([report.source, report.db, report.last_watermark], [home.source, home.db, home.good]);
  // The kind of an unknown line comes with the version that wrote it, cut to a length that a person reads.
  const kinds = Object.keys(report.unknown_lines);
  assert(kinds.some((kind) => kind === `${CHARGED}@${CHARGED}`.slice(0, kind.length)), JSON.stringify(kinds));
  const [failure] = JSON.parse(failures.stdout).failures;
  assertEquals([failure.source, failure.watermark, failure.kind], [home.source, home.bad, "empty"]);
  assertEquals(JSON.parse(status.stdout).sources[0].source, home.source);
});

faultTest("hostile names and texts are exact in the database", noNames, async () => {
  using home = new ChargedHome();
  assertEquals((await home.command("run", "--quiet")).code, 3);
  using db = new DatabaseSync(home.db, { readOnly: true });
  const row = db.prepare(
    "SELECT rollout_path, cwd, title, first_user_message, model_provider, cli_version, originator FROM threads",
  )
    .get();
  assertEquals({ ...row }, {
    rollout_path: join(home.charged, home.good),
    cwd: `/srv/${CHARGED}`,
    title: CHARGED,
    first_user_message: CHARGED,
    model_provider: CHARGED,
    cli_version: CHARGED,
    originator: CHARGED,
  });
  const items = db.prepare("SELECT watermark, location FROM ledger ORDER BY watermark").all();
  const locations = [home.bad, home.good].map((path) => ({ watermark: path, location: join(home.charged, path) }));
  assertEquals(items.map((item) => ({ ...item })), locations);
  assertEquals(db.prepare("SELECT source FROM backfill_state").all().map(({ source }) => source), [home.source]);
  assertEquals({ ...db.prepare("PRAGMA integrity_check").get() }, { integrity_check: "ok" });
});

faultTest("a path in a rollout or a file name writes nothing anywhere else", noNames, async () => {
  using home = new ChargedHome();
  const before = everything(home.top);
  assertEquals((await home.command("run", "--quiet")).code, 3);
  assertEquals(everything(home.top).filter((path) => !before.includes(path)), [home.db]);
});

faultTest("errors about hostile names are one plain line", noNames, async () => {
  using home = new ChargedHome();
  assertEquals((await home.command("run", "--quiet")).code, 3);
  const gone = join(home.top, `gone ${CHARGED_NAME}`), text = join(home.top, `text ${CHARGED_NAME}`);
  Deno.writeTextFileSync(text, CHARGED.repeat(20));
  for (
    const [args, code] of [
      [["run", "--codex-home", gone, "--db", home.db], 1],
      [["run", "--codex-home", text, "--db", home.db], 1],
      [["run", "--codex-home", home.charged, "--db", text], 1],
      [["run", "--codex-home", home.charged, "--db", join(text, CHARGED_NAME)], 1],
      [["run", "--codex-home", join(home.top, CHARGED_NAME, CHARGED), "--db", home.db], 1],
      [["status", "--db", gone], 1],
      [["failures", "--db", text], 1],
      [[CHARGED], 2],
      [["run", CHARGED], 2],
      [[`--${CHARGED}`], 2],
      [["run", "--batch-size", CHARGED], 2],
      [["run", "--compat", CHARGED], 2],
      [["run", "--metrics", CHARGED], 2],
      [["run", "--metrics", `./${CHARGED_NAME}.ts`], 2],
    ] as const
  ) {
    const { stdout, stderr, code: found } = await runCli(args);
    assertEquals([found === 0, stdout], [false, ""], args.join(" "));
    assertPlain(stderr, 1);
    assertEquals(found, code, stderr);
  }
});

faultTest("a worker that is refused is told so in one plain line", noNames, async () => {
  using home = new ChargedHome();
  assertEquals((await home.command("run", "--quiet")).code, 3);
  {
    using db = new DatabaseSync(home.db);
    db.prepare(
      `UPDATE backfill_state SET lease_token = ?, lease_host = ?, lease_pid = 1, lease_started_at_ms = 0,
        lease_heartbeat_at_ms = ?, lease_ms = 60000`,
    ).run(crypto.randomUUID(), CHARGED, Date.now());
  }
  const { code, stdout, stderr } = await home.command("run");
  assertEquals([code, stdout], [1, ""]);
  assertPlain(stderr, 1);
  assertStringIncludes(stderr, escaped(CHARGED));
  assertPlain((await home.command("status")).stdout);
});

faultTest(
  "a folder with a hostile name that may not be read is told of in one plain line",
  withoutModes(),
  async () => {
    using home = new ChargedHome();
    const folder = join(home.charged, "sessions", CHARGED_NAME);
    Deno.chmodSync(folder, 0o000);
    const args = ["run", "--codex-home", home.charged, "--db", home.db, "--json"];
    const { code, stderr } = await runCli(args, { heedModes: true });
    Deno.chmodSync(folder, 0o700);
    assertEquals(code, 3);
    assertPlain(stderr, 2);
    assertStringIncludes(stderr, `cannot list ${escaped(folder)}`);
  },
);

/** Every path below a folder. */
function everything(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name, isDirectory }) => {
    const path = join(folder, name);
    return isDirectory ? [path, ...everything(path)] : [path];
  }).flat().filter((path) => !basename(path).endsWith(".lock"));
}
