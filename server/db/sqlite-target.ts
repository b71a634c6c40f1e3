// SPDX-License-Identifier: Apache-2.0
import { sqliteAdapter } from "./connection";
import type { MigrationTarget } from "./migrate";

/** How migrations reach a SQLite file. */
export function sqliteTarget(file: string): MigrationTarget {
  return {
    async open() {
      const adapter = await sqliteAdapter(file).connect();
      // Set once, it stays with the file. Outside a transaction: SQLite does not change it inside one.
      await adapter.executeScript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
      await adapter.executeScript(
        'CREATE TABLE IF NOT EXISTS "_migration" ("name" TEXT NOT NULL PRIMARY KEY, "checksum" TEXT NOT NULL, "appliedAtMs" BIGINT NOT NULL);',
      );
      return {
        async applied() {
          const { rows } = await adapter.queryRaw({ sql: 'SELECT "name", "checksum" FROM "_migration"', args: [], argTypes: [] });
          return rows.map(([name, checksum]) => ({ name: String(name), checksum: String(checksum) }));
        },
        async apply({ name, checksum, sql }) {
          // One script, so that the file and the note of it are there together or not at all; the driver rolls back a failed one.
          const note = `INSERT INTO "_migration" VALUES ('${name}', '${checksum}', ${Date.now()});`;
          await adapter.executeScript(`BEGIN IMMEDIATE;\n${sql}\n;${note}\nCOMMIT;`);
        },
        close: () => adapter.dispose(),
      };
    },
  };
}
