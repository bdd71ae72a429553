/**
 * Named pipes, for tests of what must not be waited for.
 */
import { assertEquals } from "@std/assert";

/** Makes a named pipe. */
export async function makePipe(path: string): Promise<void> {
  assertEquals((await new Deno.Command("mkfifo", { args: [path] }).output()).code, 0);
}
