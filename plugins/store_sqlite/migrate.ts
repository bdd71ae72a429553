/**
 * Bringing a database up to date, and refusing one that is not ours.
 *
 * @module
 */
import { type Migration, migrations as all } from "../../migrations/mod.ts";
import { StoreError } from "../../src/errors.ts";
import type { Connection } from "../sqlite/connection.ts";

/** The table that records what was applied. A database with tables but without this one is somebody else's. */
const TABLE = "backfill_migrations";

/**
 * Applies the migrations that a database lacks, each in one transaction.
 *
 * @param connection The database.
 * @param options The migrations, and the clock.
 * @returns What was applied, in order; nothing if the database was up to date.
 * @throws {StoreError} If the database is not ours or was written by a newer version.
 */
export function migrate(
  connection: Connection,
  { migrations = all, now = Date.now }: { migrations?: readonly Migration[]; now?: () => number } = {},
): Migration[] {
  let applied = appliedNumber(connection, migrations);
  const done: Migration[] = [];
  for (const migration of migrations) {
    if (migration.number <= applied) continue;
    connection.transaction(() => {
      // Another process may have been faster between two transactions.
      applied = appliedNumber(connection, migrations);
      if (migration.number <= applied) return;
      if (applied === 0) {
        connection.exec(`CREATE TABLE IF NOT EXISTS ${TABLE} (
          number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at_ms INTEGER NOT NULL
        )`);
      }
      connection.exec(migration.sql);
      connection.run(`INSERT INTO ${TABLE} VALUES (?, ?, ?)`, migration.number, migration.name, now());
      done.push(migration);
    });
  }
  return done;
}

/**
 * Checks that a database is ours or empty, and not of a newer version, without changing it.
 *
 * @param connection The database.
 * @throws {StoreError} If it is not.
 */
export function checkOurs(connection: Connection): void {
  appliedNumber(connection, all);
}

/**
 * Checks that a database is ours and up to date, without changing it.
 *
 * @param connection The database.
 * @throws {StoreError} If it is not.
 */
export function checkMigrated(connection: Connection): void {
  const applied = appliedNumber(connection, all);
  const last = all.at(-1)?.number ?? 0;
  if (applied === last) return;
  throw new StoreError(
    applied === 0
      ? `Cannot read the database "${connection.path}": it is empty. Run a backfill into it first`
      : `Cannot read the database "${connection.path}": it has the tables of an older version. ` +
        `Run a backfill into it once, which brings it up to date`,
  );
}

/** The highest migration that a database has; 0 if it is empty. */
function appliedNumber(connection: Connection, migrations: readonly Migration[]): number {
  return connection.guard(() => {
    const tables = connection.arrays<[string]>("name", "FROM sqlite_schema WHERE type = 'table'");
    if (!tables.some(([name]) => name === TABLE)) {
      if (tables.length === 0) return 0;
      throw new StoreError(
        `Cannot use the database "${connection.path}": it holds the tables of another program. Name another file`,
      );
    }
    const applied = connection.arrays<[number, string]>(
      "number, name",
      `FROM ${TABLE} ORDER BY number`,
    );
    for (const [number, name] of applied) {
      const known = migrations.find((one) => one.number === number);
      if (known?.name === name) continue;
      throw new StoreError(
        `Cannot use the database "${connection.path}": a newer version made its tables (migration ${number}, "${name}"). ` +
          `Update this program, or name another file`,
      );
    }
    return applied.at(-1)?.[0] ?? 0;
  });
}
