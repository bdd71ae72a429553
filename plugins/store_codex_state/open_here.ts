/**
 * Which state databases this process has open.
 *
 * @module
 */

const paths: string[] = [];

/** Notes that a database is open, until disposed. */
export function markOpen(path: string): Disposable {
  const real = Deno.realPathSync(path);
  paths.push(real);
  return { [Symbol.dispose]: () => void paths.splice(paths.indexOf(real), 1) };
}

/** Whether this process has a database open. */
export function isOpenHere(path: string): boolean {
  return paths.includes(Deno.realPathSync(path));
}
