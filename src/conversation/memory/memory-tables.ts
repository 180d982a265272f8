/** The memory in SQL: three tables of `buddy.db` (`mind_said`, `mind_facts`, `mind_aside`; created in `src/store/migrations.ts`). */
import type { Database, Row } from "../../store/database.js";
import type { Aside, Fact, MemoryContent, MemoryStore, Said } from "./memory.js";

/** As much of a database as is needed here. */
export type Sql = Pick<Database, "run" | "all">;

/** Utterances kept: some years of talking, 20 MB at most. */
const SAID_ROWS_MAX = 100_000;
/** The oldest are looked for only now and then. */
const PRUNE_EVERY = 500;

export class MemoryTables implements MemoryStore {
  private writes = 0;

  /** @param use calls back with the database, or throws when it is absent. */
  constructor(private readonly use: <T>(work: (db: Sql) => T) => T) {}

  load(saidMax: number): MemoryContent {
    return this.use((db) => ({
      said: db
        .all("SELECT * FROM mind_said ORDER BY id DESC LIMIT ?", saidMax)
        .map(saidOf)
        .reverse(),
      facts: db.all("SELECT wall_ms, name, text FROM mind_facts ORDER BY id").map(factOf),
    }));
  }

  addSaid({ wallMs, turnId, by, name, text }: Said): void {
    this.use((db) => {
      db.run(
        "INSERT INTO mind_said (wall_ms, turn, speaker, name, text) VALUES (?, ?, ?, ?, ?)",
        Math.round(wallMs),
        turnId,
        by,
        name ?? null,
        text,
      );
      if (++this.writes % PRUNE_EVERY === 0) {
        db.run(
          "DELETE FROM mind_said WHERE id <= (SELECT max(id) FROM mind_said) - ?",
          SAID_ROWS_MAX,
        );
      }
    });
  }

  addFact({ wallMs, name, text }: Fact): void {
    this.use((db) =>
      db.run(
        "INSERT INTO mind_facts (wall_ms, name, text) VALUES (?, ?, ?)",
        Math.round(wallMs),
        name,
        text,
      ),
    );
  }

  dropFact({ name, text }: Fact): void {
    this.use((db) => {
      db.run("DELETE FROM mind_facts WHERE name = ? AND text = ?", name, text);
      emptyJournal(db);
    });
  }

  forgetSince(wallMs: number): MemoryContent {
    return this.use((db) => {
      const since = Math.round(wallMs);
      const said = db
        .all("SELECT * FROM mind_said WHERE wall_ms >= ? ORDER BY id LIMIT ?", since, SAID_ROWS_MAX)
        .map(saidOf);
      const facts = db
        .all("SELECT wall_ms, name, text FROM mind_facts WHERE wall_ms >= ? ORDER BY id", since)
        .map(factOf);
      db.run("DELETE FROM mind_said WHERE wall_ms >= ?", since);
      db.run("DELETE FROM mind_facts WHERE wall_ms >= ?", since);
      emptyJournal(db);
      return { said, facts };
    });
  }

  rename(from: string, to: string): void {
    this.use((db) =>
      db.run("UPDATE mind_facts SET name = ? WHERE lower(name) = ?", to, from.toLowerCase()),
    );
  }

  setAside(aside: Aside | undefined): void {
    this.use((db) => {
      db.run("DELETE FROM mind_aside");
      if (aside !== undefined) {
        const { wallMs, ...content } = aside;
        const text = JSON.stringify(content);
        db.run("INSERT INTO mind_aside (wall_ms, content) VALUES (?, ?)", Math.round(wallMs), text);
      }
      emptyJournal(db);
    });
  }

  aside(): Aside | undefined {
    return this.use((db) => {
      const [row] = db.all("SELECT wall_ms, content FROM mind_aside LIMIT 1");
      if (row === undefined) return undefined;
      const content = JSON.parse(String(row["content"])) as MemoryContent;
      return { ...content, wallMs: Number(row["wall_ms"]) };
    });
  }
}

/** The write-ahead file holds the words as they were written until it is emptied. */
function emptyJournal(db: Sql): void {
  db.all("PRAGMA wal_checkpoint(TRUNCATE)");
}

function factOf(row: Row): Fact {
  return {
    wallMs: Number(row["wall_ms"]),
    name: String(row["name"]),
    text: String(row["text"]),
  };
}

function saidOf(row: Row): Said {
  return {
    wallMs: Number(row["wall_ms"]),
    turnId: String(row["turn"]),
    by: row["speaker"] === "person" ? "person" : "buddy",
    ...(typeof row["name"] === "string" && { name: row["name"] }),
    text: String(row["text"]),
  };
}
