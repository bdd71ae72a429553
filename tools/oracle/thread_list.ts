/**
 * What `thread/list` of the app-server shows.
 *
 * @module
 */
import { type AppServer, isJson, type Json, textAt } from "./app_server.ts";

/** What a list shows of a thread. */
export type ListedThread = Json & { readonly id: string };

/**
 * Lists threads, page by page.
 *
 * By default Codex reads the rollouts and adds rows that the database lacks, so a list may hide that they were missing.
 * `{ useStateDbOnly: true }` shows what the database has.
 *
 * @param server The app-server.
 * @param params The filters.
 * @returns The threads, in the order of the list.
 */
export async function listThreads(server: AppServer, params: Json = {}): Promise<ListedThread[]> {
  const threads: ListedThread[] = [];
  for (let cursor: unknown = null; cursor !== undefined;) {
    const page = await server.call("thread/list", { limit: 100, ...params, cursor });
    if (!isJson(page) || !Array.isArray(page.data)) throw new TypeError("thread/list gave no page");
    for (const thread of page.data) if (isJson(thread)) threads.push({ ...thread, id: textAt(thread, "id") });
    cursor = page.nextCursor ?? undefined;
  }
  return threads;
}
