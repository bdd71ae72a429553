/**
 * A home that is away, one whose files are gone, and one that was moved.
 */
import { assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import { missingFolders, placeOf } from "../../../plugins/codex_repair/away.ts";

/** Homes for which the answer is asked: `here` has the files that are named. */
class Homes implements Disposable {
  readonly path: string = Deno.makeTempDirSync();
  /** When the rows were last changed. */
  updatedMs = 0;
  asked = 0;

  file(...names: string[]): string {
    const path = join(this.path, ...names);
    Deno.mkdirSync(dirname(path), { recursive: true });
    Deno.writeTextFileSync(path, "");
    return path;
  }

  missing(...paths: string[]): (path: string) => string | undefined {
    return missingFolders({ codexHome: join(this.path, "here") }, () => {
      this.asked++;
      return paths.map((rollout_path) => ({ rollout_path, updated_at_ms: this.updatedMs }));
    });
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

Deno.test("missingFolders: a file is gone where its folder of rollouts is there without it", () => {
  using homes = new Homes();
  homes.file("other", "sessions", "b.jsonl");
  const gone = join(homes.path, "other", "sessions", "2026", "a.jsonl"), nowhere = join(homes.path, "a.jsonl");
  const missing = homes.missing(gone, nowhere);
  assertEquals([missing(gone), missing(nowhere), homes.asked], [undefined, undefined, 0]);
});

Deno.test("missingFolders: a home is away whose folder of rollouts is not there, though copies of some of its files are here", () => {
  using homes = new Homes();
  const ours = homes.file("here", "sessions", "2026", "b.jsonl");
  homes.file("here", "sessions", "2026", "a.jsonl");
  const folder = join(homes.path, "other", "sessions"), theirs = join(folder, "2026", "a.jsonl");
  const missing = homes.missing(ours, theirs, join(folder, "2026", "c.jsonl"));
  assertEquals([missing(theirs), missing(theirs), homes.asked], [folder, folder, 1]);
  const unlike = join(homes.path, "loose", "a.jsonl");
  assertEquals(missing(unlike), dirname(unlike));
});

Deno.test("missingFolders: a home was moved where every row leads to such a folder, and every file is here", () => {
  using homes = new Homes();
  const [a, b] = ["sessions/2026/a.jsonl", "archived_sessions/b.jsonl"] as const;
  homes.file("here", a);
  homes.file("here", `${b}.zst`);
  const [first, second] = [join(homes.path, "old", a), join(homes.path, "old", b)] as const;
  assertEquals(homes.missing(first, second)(first), undefined);
  // Somebody has gone on there since the copy was made.
  assertEquals(
    homes.missing(first, second, join(dirname(first), "c.jsonl"))(first),
    join(homes.path, "old", "sessions"),
  );
});

Deno.test("missingFolders: a home was moved though rows lead into its new place, as one does with every new session, or to homes that are there", () => {
  using homes = new Homes();
  const ours = homes.file("here", "sessions", "new.jsonl"), theirs = homes.file("third", "sessions", "b.jsonl");
  homes.file("here", "sessions", "a.jsonl");
  const moved = join(homes.path, "old", "sessions", "a.jsonl"), folder = join(homes.path, "away", "sessions");
  const missing = homes.missing(ours, moved, theirs, join(folder, "c.jsonl"));
  assertEquals([missing(moved), missing(join(folder, "c.jsonl"))], [undefined, folder]);
});

Deno.test("missingFolders: a home is away where a row knows of more than the file that is here, a copy from before", () => {
  using homes = new Homes();
  const copy = homes.file("here", "sessions", "a.jsonl"), folder = join(homes.path, "away", "sessions");
  const path = join(folder, "a.jsonl");
  Deno.utimeSync(copy, 1000, 1000);
  homes.updatedMs = 1_005_001;
  assertEquals(homes.missing(path)(path), folder);
  homes.updatedMs = 1_005_000;
  assertEquals(homes.missing(path)(path), undefined);
});

Deno.test("placeOf: a path is divided at its last folder of rollouts, whatever divides its names", () => {
  assertEquals(placeOf("/sessions/home/sessions/2026/a"), {
    home: "/sessions/home",
    folder: "/sessions/home/sessions",
    place: "sessions/2026/a",
  });
  assertEquals(placeOf("C:\\me\\.codex\\archived_sessions\\a"), {
    folder: "C:\\me\\.codex\\archived_sessions",
    home: "C:\\me\\.codex",
    place: "archived_sessions\\a",
  });
  assertEquals([placeOf("/a/old_sessions/b"), placeOf("/a/sessions")], [undefined, undefined]);
});
