/**
 * The figures in the README, put there by the program that measured them.
 *
 * @module
 */
const README = new URL("../../README.md", import.meta.url);
const BEGIN = "<!-- bench -->", END = "<!-- /bench -->";

/** Replaces what is between the two marks of the README. */
export async function updateReadme(text: string): Promise<void> {
  const readme = await Deno.readTextFile(README);
  const begin = readme.indexOf(BEGIN), end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the README has no place for figures: ${BEGIN} … ${END}`);
  await Deno.writeTextFile(README, `${readme.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${readme.slice(end)}`);
}
