/**
 * A home that is away, one whose files are gone, and one that was moved.
 */
import { assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import { missingFolders, placeOf } from "../../../plugins/codex_repair/away.ts";

/** Homes for which the answer is asked: `here` has the files that are named. */
class Homes implements Disposable {
  readonly path: string = Deno.makeTempDirSync();
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
      return paths.map((rollout_path) => ({ rollout_path }));
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

Deno.test("missingFolders: a home is away whose folder of rollouts is not there, though copies of its files are here", () => {
  using homes = new Homes();
  const ours = homes.file("here", "sessions", "2026", "b.jsonl");
  homes.file("here", "sessions", "2026", "a.jsonl");
  const folder = join(homes.path, "other", "sessions"), theirs = join(folder, "2026", "a.jsonl");
  const missing = homes.missing(ours, theirs);
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

Deno.test("placeOf: a path is divided at its last folder of rollouts, whatever divides its names", () => {
  assertEquals(placeOf("/sessions/home/sessions/2026/a"), { home: "/sessions/home", place: "sessions/2026/a" });
  assertEquals(placeOf("C:\\me\\.codex\\archived_sessions\\a"), {
    home: "C:\\me\\.codex",
    place: "archived_sessions\\a",
  });
  assertEquals([placeOf("/a/old_sessions/b"), placeOf("/a/sessions")], [undefined, undefined]);
});
