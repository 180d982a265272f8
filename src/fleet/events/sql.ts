/** The robot's own database, as the fleet needs it: all of `work` or nothing of it. May throw when it is absent. */
import type { Row, SqlValue } from "../../store/database.js";

export interface SqlDatabase {
  run(sql: string, ...values: readonly SqlValue[]): number;
  get(sql: string, ...values: readonly SqlValue[]): Row | undefined;
  all(sql: string, ...values: readonly SqlValue[]): Row[];
}

/** One transaction. */
export type Sql = <T>(work: (db: SqlDatabase) => T) => T;
