/** A module that never finishes loading. */
await new Promise(() => {
  setInterval(() => {}, 1000);
});

export default function extractor(): never {
  throw new Error("it was loaded");
}
