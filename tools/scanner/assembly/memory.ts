/**
 * What is where in memory. The host writes words at WORD, the kind of unknown words at UNKNOWN and bytes from 131,072 on, and reads the rest;
 * `plugins/extractor_codex/scanner/wasm_scanner.ts` says the same.
 */

export const NEXT: usize = 0, LAST_PASSED: usize = 4, PASSED: usize = 8, HASH: usize = 12, UNKNOWN: usize = 20;
export const WORD: usize = 64;
export const LINE_WORDS: usize = 1024, EVENT_WORDS: usize = 8192, KEY_WORDS: usize = 26624;
export const ENTRIES: usize = 40960;
export const SHORT: usize = 65536, SHORT_END: usize = 131008;
