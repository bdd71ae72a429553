/**
 * No secret that a rollout holds gets into what is printed, measured or recorded as a reason.
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { runCli } from "../child.ts";
import { rolloutText, TemporaryHome, threadId } from "../home.ts";

const TOKEN = "sk-proj-Zq3vT8xW1yB5nM7kJ2hG";
const PASSWORD = "hunter2hunter2";

/** Origins with credentials in each form that git takes. */
const ORIGINS = [
  `https://somebody:${PASSWORD}@git.example/demo/app.git`,
  `https://${TOKEN}@git.example/demo/app.git`,
  `ssh://git:${PASSWORD}@git.example/demo/app.git`,
  `somebody:${PASSWORD}@git.example:demo/app.git`,
  `https://git.example/demo/app.git?private_token=${PASSWORD}`,
  `https://git.example/git?repo=demo&Access%5FToken=${PASSWORD};${TOKEN}@git#readme`,
];

/** Rollouts that end as failures, each with a secret where it goes wrong. */
const FAILURES: Readonly<Record<string, string>> = {
  "half a line": `{"timestamp":"2026-01-27T12:34:56.120Z","type":"session_meta","payload":{"id":"${TOKEN}`,
  "no JSON": `OPENAI_API_KEY=${TOKEN}\npassword: ${PASSWORD}\n`,
  "no identity": `{"timestamp":"${TOKEN}","type":"event_msg","payload":{"type":"user_message","message":"${TOKEN}"}}\n`,
  "no UTF-8 but a secret": `${TOKEN}\u0000\u0000`,
};

function secretHome(): TemporaryHome {
  const home = new TemporaryHome();
  for (const [number, origin] of ORIGINS.entries()) {
    const id = threadId(number);
    const text = rolloutText(id, "hello").replace(
      '"source":"cli"',
      `"source":"cli","git":{"commit_hash":"abc","branch":"main","repository_url":${JSON.stringify(origin)}}`,
    );
    // A kind of line is content as well.
    const unknown = JSON.stringify({ timestamp: "2026-01-27T12:34:58.000Z", type: TOKEN, payload: { PASSWORD } });
    home.write(`sessions/2026/01/27/rollout-2026-01-27T12-34-56-${id}.jsonl`, `${text}{"${TOKEN}\n${unknown}\n`);
  }
  for (const [number, text] of Object.values(FAILURES).entries()) home.write(`sessions/rollout-${number}.jsonl`, text);
  return home;
}

Deno.test("secrets in rollouts reach no metric, no error and no reason of a failure", async () => {
  using home = secretHome();
  const sink = join(home.top, "sink.ts"), metrics = join(home.top, "metrics.txt");
  Deno.writeTextFileSync(
    sink,
    `const keep = (...call) => Deno.writeTextFileSync(${
      JSON.stringify(metrics)
    }, JSON.stringify(call) + "\\n", { append: true });
     export default { counter: keep, timer: keep, gauge: keep };`,
  );
  const args = ["--codex-home", home.path, "--db", home.db];
  const run = await runCli([...args, "--metrics", sink]);
  assertEquals(run.code, 3, run.stderr);
  const again = await runCli([...args, "--retry-failed", "--metrics", "console"]);
  assertEquals(again.code, 3, again.stderr);
  const failures = await runCli(["failures", "--db", home.db, "--json"]);
  assertEquals(JSON.parse(failures.stdout).failures.length, Object.keys(FAILURES).length);
  const measured = Deno.readTextFileSync(metrics);
  assert(measured.includes(`"rollout.backfill.unknown_lines",${ORIGINS.length},{"kind":"other"}`), measured);
  const said = { measured, run: run.stderr, again: again.stderr, failures: failures.stdout };
  for (const [where, text] of Object.entries(said)) {
    for (const secret of [TOKEN, PASSWORD]) assert(!text.includes(secret), `a secret in ${where}: ${text}`);
  }
});

Deno.test("credentials in the URL of a git origin are nowhere in the database", async () => {
  using home = secretHome();
  assertEquals((await runCli(["--codex-home", home.path, "--db", home.db, "--quiet"])).code, 3);
  const bytes = new TextDecoder("latin1").decode(Deno.readFileSync(home.db));
  assertEquals(bytes.split("git.example").length > ORIGINS.length, true);
  assertEquals(bytes.includes(PASSWORD), false);
  assertEquals(bytes.includes(`${TOKEN}@git`), false);
});
