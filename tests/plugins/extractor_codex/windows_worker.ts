/**
 * A worker that is as on Windows, as far as paths in rollouts go: it answers a text with the row that 0.169.0 gives.
 */
Object.defineProperty(Deno, "build", { value: { ...Deno.build, os: "windows" } });

const { codexExtractor } = await import("../../../plugins/extractor_codex/mod.ts");
const { extractText } = await import("./extract_text.ts");

/** What a worker has that a window has not. */
interface Port {
  onmessage: (event: MessageEvent<string>) => void;
  postMessage(message: unknown): void;
}

// The types of a worker and those of a window cannot be there together.
const port = self as unknown as Port;

const extractor = codexExtractor({ profile: "0.169.0" });
port.onmessage = async ({ data }) => {
  port.postMessage(await extractText(extractor, data, "019c0000-0000-7000-8000-000000000001"));
};
port.postMessage("ready");
