/**
 * What is stored of the URL of a git origin, without a version of Codex that says otherwise.
 */
import { assertEquals } from "@std/assert";
import { cleanGitUrlFully, remembered } from "../../../plugins/extractor_codex/git_url.ts";

const CLEANED: Readonly<Record<string, string | null>> = {
  "https://git.example/app.git": "https://git.example/app.git",
  "https://git.example/app.git?private_token=s3": "https://git.example/app.git",
  "https://git.example/git?repo=app&access_token=s3": "https://git.example/git?repo=app",
  "https://git.example/git?Access%5FToken=s3;repo=app;s3#top": "https://git.example/git?repo=app#top",
  "https://git.example/git?repo=app&auth=a=b&branch=": "https://git.example/git?repo=app&branch=",
  "https://me:s3@git.example/git?password=s3&": "https://git.example/git",
  "cache::https://git.example/app.git?token=s3": "cache::https://git.example/app.git",
  "https://git.example/app.git#?token=x": "https://git.example/app.git#?token=x",
  // Only on the web does a question mark begin a query.
  "git@git.example:what?key=1": "git@git.example:what?key=1",
  "/srv/git/what?key=1": "/srv/git/what?key=1",
  "https://git.example/app.git?a=%zz": null,
  "": null,
  "cache::": null,
  "me:s3@git.example:app.git": "git.example:app.git",
  "me:s3@git.example/app.git": "git.example/app.git",
  "cache::me:s3@git.example:app.git": "cache::git.example:app.git",
  "cache::ext::me:s3@git.example:app.git": "cache::ext::git.example:app.git",
  "[git@git.example]:app.git": null,
  "[git@git.example:22]:app.git": null,
  "git@[::1]:app.git": "git@[::1]:app.git",
  // A folder comes before, so that it is a path.
  "/srv/me:s3@git.example:app.git": "/srv/me:s3@git.example:app.git",
};

for (const [url, cleaned] of Object.entries(CLEANED)) {
  Deno.test(`of the origin ${url} is stored ${cleaned}`, () => assertEquals(cleanGitUrlFully(url), cleaned));
}

Deno.test("origins are cleaned once, but for those too long to remember", () => {
  let cleaned = 0;
  const clean = remembered((url) => {
    cleaned++;
    return url.slice(1);
  });
  for (const url of ["ab", "ab", "x".repeat(2000), "x".repeat(2000)]) assertEquals(clean(url), url.slice(1));
  assertEquals(cleaned, 3);
});
