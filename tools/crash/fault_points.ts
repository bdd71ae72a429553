/**
 * Points at which a run can be made to die: before and after every call of a plugin, and before every statement of SQL. The engine
 * knows nothing of it, as the plugins are wrapped through their contracts.
 *
 * @module
 */
import type { SqliteDatabase, SqliteDriver } from "../../plugins/sqlite/driver.ts";
import type { Extractor } from "../../src/extractor.ts";
import type { Item, ItemReader, MaybePromise, Source } from "../../src/source.ts";
import type { Store } from "../../src/store.ts";

/** Counts the points that a run passes, and ends it at one of them. */
export class FaultPoints {
  /** The points that were passed, in order. */
  readonly passed: string[] = [];
  readonly #dieAt: number;
  readonly #die: (point: string) => void;
  readonly #count: Int32Array | undefined;

  /**
   * Begins to count.
   *
   * @param dieAt The number of the point at which to die; 0 for never.
   * @param die Ends the process, or throws; is asked again at every later point, as nothing happens after a death.
   * @param count Counts the points of several threads; each thread lists its own only.
   */
  constructor(dieAt: number, die: (point: string) => void, count?: SharedArrayBuffer) {
    this.#dieAt = dieAt;
    this.#die = die;
    this.#count = count && new Int32Array(count);
  }

  /** Passes a point. */
  pass(name: string): void {
    const number = this.#count ? Atomics.add(this.#count, 0, 1) + 1 : this.passed.length + 1;
    if (this.#dieAt > 0 && number >= this.#dieAt) this.#die(this.passed[this.#dieAt - 1] ?? name);
    this.passed.push(name);
  }

  /** Passes a point before a call and one after it. */
  around<T>(name: string, call: () => MaybePromise<T>): MaybePromise<T> {
    this.pass(`before ${name}`);
    const answer = call();
    const after = (value: T): T => {
      this.pass(`after ${name}`);
      return value;
    };
    return answer instanceof Promise ? answer.then(after) : after(answer);
  }
}

/** Wraps a source: listing, opening, reading and closing. */
export function faultySource<I extends Item>(source: Source<I>, points: FaultPoints): Source<I> {
  const { sameBytes } = source;
  return {
    id: source.id,
    ...(sameBytes ? { sameBytes: sameBytes.bind(source) } : {}),
    async *items(options) {
      points.pass("before source.items");
      for await (const item of source.items(options)) {
        yield item;
        points.pass("after an item of source.items");
      }
      points.pass("after source.items");
    },
    open: async (item) => faultyReader(await points.around("source.open", () => source.open(item)), points),
  };
}

function faultyReader(reader: ItemReader, points: FaultPoints): ItemReader {
  return {
    read: async (into, offset) => await points.around("reader.read", () => reader.read(into, offset)),
    close: async () => await points.around("reader.close", () => reader.close()),
  };
}

/** Wraps an extractor. */
export function faultyExtractor<I extends Item, R>(extractor: Extractor<I, R>, points: FaultPoints): Extractor<I, R> {
  return {
    version: extractor.version,
    extract: (item, context) => points.around("extractor.extract", () => extractor.extract(item, context)),
  };
}

/** Wraps a store. */
export function faultyStore<R>(store: Store<R>, points: FaultPoints): Store<R> {
  return {
    claim: (request) => points.around("store.claim", () => store.claim(request)),
    heartbeat: (lease, at) => points.around("store.heartbeat", () => store.heartbeat(lease, at)),
    async *ledger(source) {
      points.pass("before store.ledger");
      yield* store.ledger(source);
      points.pass("after store.ledger");
    },
    snapshots: (source, watermarks) => points.around("store.snapshots", () => store.snapshots(source, watermarks)),
    commit: (lease, batch) => points.around("store.commit", () => store.commit(lease, batch)),
    complete: (lease, at) => points.around("store.complete", () => store.complete(lease, at)),
    release: (lease) => points.around("store.release", () => store.release(lease)),
    states: () => store.states(),
    failures: (source) => store.failures(source),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

/** Wraps a SQLite library: a point before every statement, so that some lie inside every transaction. */
export function faultyDriver(driver: SqliteDriver, points: FaultPoints): SqliteDriver {
  const before = <A extends unknown[], T>(sql: string, call: (...values: A) => T) => (...values: A): T => {
    points.pass(`before sql: ${sql.trim().replaceAll(/\s+/g, " ").slice(0, 60)}`);
    return call(...values);
  };
  return {
    name: driver.name,
    open(path, options): SqliteDatabase {
      points.pass("before opening the database");
      const db = driver.open(path, options);
      return {
        exec: (sql) => before(sql, () => db.exec(sql))(),
        prepare(sql) {
          const { run, get, all } = db.prepare(sql);
          return { run: before(sql, run), get: before(sql, get), all: before(sql, all) };
        },
        close: () => db.close(),
      };
    },
  };
}
