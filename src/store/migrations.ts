/**
 * The tables of `buddy.db`, in the order they came to be: step n leads to `user_version` n. Steps that were released are
 * never changed; new ones are added at the end. A part only reads and writes the tables named for it.
 */

/** The robots' saved states (`mirror.ts`). */
const MIRROR_1 = `
  CREATE TABLE mirror_images (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    device TEXT NOT NULL,
    generation INTEGER NOT NULL,
    format INTEGER NOT NULL,
    image BLOB NOT NULL,
    kept_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX mirror_images_newest ON mirror_images (device, generation, id);
  CREATE TABLE mirror_offers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    device TEXT NOT NULL,
    generation INTEGER NOT NULL,
    offered_ms INTEGER NOT NULL,
    result TEXT NOT NULL
  ) STRICT;
  CREATE INDEX mirror_offers_device ON mirror_offers (device, id);
`;

/** Boots of the robots, times without WiFi or link (`life-tables.ts`). */
const LIFE_1 = `
  CREATE TABLE life_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    device TEXT NOT NULL,
    wall_ms INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX life_events_device ON life_events (device, id);
`;

/** What was said and what is known of people (`src/conversation/memory/memory-tables.ts`). */
const MIND_1 = `
  CREATE TABLE mind_said (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    wall_ms INTEGER NOT NULL,
    turn TEXT NOT NULL,
    speaker TEXT NOT NULL,
    name TEXT,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX mind_said_time ON mind_said (wall_ms);
  CREATE TABLE mind_facts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    wall_ms INTEGER NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
`;

/** What was forgotten and can be taken back for a day: one row at most (`src/conversation/memory/memory-tables.ts`). */
const MIND_2 = `
  CREATE TABLE mind_aside (
    wall_ms INTEGER NOT NULL,
    content TEXT NOT NULL
  ) STRICT;
`;

/** Timers and reminders (`src/conversation/reminders/reminder-table.ts`). */
const MIND_3 = `
  CREATE TABLE mind_reminders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    made_ms INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    in_ms INTEGER,
    what TEXT NOT NULL,
    said TEXT NOT NULL
  ) STRICT;
`;

/** Events for a stage until they are published, and what was taken of others (`src/fleet/events`). */
const FLEET_1 = `
  CREATE TABLE fleet_outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    stage TEXT NOT NULL,
    body TEXT NOT NULL,
    is_sent INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE fleet_inbox (
    stage TEXT NOT NULL,
    sender TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (stage, sender)
  ) STRICT;
`;

export const MIGRATIONS: readonly string[] = [MIRROR_1, LIFE_1, MIND_1, MIND_2, MIND_3, FLEET_1];
