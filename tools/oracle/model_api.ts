/**
 * A stand-in for the model API on a loopback port.
 *
 * @module
 */
import { isJson } from "./app_server.ts";
import { events, reply } from "./model_script.ts";

/** A running stand-in. */
export interface ModelApi extends AsyncDisposable {
  /** What to configure as `base_url`. */
  readonly url: string;
}

/** Starts a stand-in. */
export function startModelApi(): ModelApi {
  let turns = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    if (!new URL(request.url).pathname.endsWith("/responses")) {
      await request.body?.cancel();
      return new Response("{}", { status: 404 });
    }
    const body: unknown = await request.json();
    if (!isJson(body)) return new Response("{}", { status: 400 });
    const turn = ++turns;
    const inputs = Array.isArray(body.input) ? body.input.length : 0;
    return new Response(events(reply(body, turn), turn, inputs), { headers: { "content-type": "text/event-stream" } });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/v1`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
