import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { StartRefused } from '../../domain/errors.ts'

/** Within the store's directory. */
export const storeFile = 'punctual.db'

/** Marks the file as ours (SQLite's `application_id`): "PNCT". */
const applicationId = 0x504e4354

/**
 * How a schedule's state is written. `scheduled` has two codes, since a first attempt is due at `at`, which the listing
 * index has in order already: only what is due at another time needs the due index, and a new schedule costs one entry
 * less.
 */
export const states = { waiting: 0, retrying: 1, delivering: 2, delivered: 3, failed: 4, canceled: 5, expired: 6 } as const

/** Each entry takes the schema one version further; `user_version` counts those that are done. Never edit an old one. */
const migrations: readonly string[] = [
  `
  CREATE TABLE application (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

  -- What changes with every move. Times are milliseconds since the epoch.
  CREATE TABLE schedule (
    seq INTEGER PRIMARY KEY,
    application INTEGER NOT NULL REFERENCES application,
    name TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    state INTEGER NOT NULL,
    at INTEGER NOT NULL,
    due_at INTEGER,
    arming INTEGER NOT NULL,
    request_digest TEXT NOT NULL,
    delivery TEXT,
    attempt_count INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    attempts TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    finished_at INTEGER,
    remove_at INTEGER
  ) STRICT;

  -- What does not, and may be large: no move has to write it again.
  CREATE TABLE content (
    seq INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    method TEXT NOT NULL,
    headers TEXT NOT NULL,
    payload TEXT,
    retry TEXT NOT NULL,
    traceparent TEXT
  ) STRICT;

  CREATE UNIQUE INDEX schedule_name ON schedule (application, name);
  CREATE INDEX schedule_listing ON schedule (application, state, at);
  CREATE INDEX schedule_due ON schedule (application, due_at) WHERE state IN (1, 2);
  CREATE INDEX schedule_removal ON schedule (remove_at) WHERE remove_at IS NOT NULL;

  -- Written by whoever wants to know whether the store can be written.
  CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 0), count INTEGER NOT NULL) STRICT;
  INSERT INTO probe VALUES (0, 0);

  -- For people with a sqlite3 shell.
  CREATE VIEW schedules AS
    SELECT application.name AS application, schedule.name, schedule.id,
      CASE state WHEN 0 THEN 'scheduled' WHEN 1 THEN 'scheduled' WHEN 2 THEN 'delivering' WHEN 3 THEN 'delivered'
                 WHEN 4 THEN 'failed' WHEN 5 THEN 'canceled' END AS status,
      strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS at,
      strftime('%Y-%m-%dT%H:%M:%fZ', due_at / 1000.0, 'unixepoch') AS due_at,
      attempt_count, method, url, payload, attempts
    FROM schedule JOIN application ON application.id = schedule.application JOIN content USING (seq);
  `,
  `
  ALTER TABLE schedule ADD COLUMN time_zone TEXT;
  ALTER TABLE schedule ADD COLUMN expires_at INTEGER;

  -- How many schedules there are in each state, so that nobody has to count them. Kept by whoever writes, also by another
  -- version of the service that shares the file.
  CREATE TABLE tally (
    application INTEGER NOT NULL REFERENCES application,
    state INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (application, state)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO tally SELECT application, state, count(*) FROM schedule GROUP BY application, state;
  CREATE TRIGGER tally_insert AFTER INSERT ON schedule BEGIN
    INSERT INTO tally VALUES (NEW.application, NEW.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER tally_update AFTER UPDATE OF state ON schedule WHEN OLD.state <> NEW.state BEGIN
    UPDATE tally SET count = count - 1 WHERE application = OLD.application AND state = OLD.state;
    INSERT INTO tally VALUES (NEW.application, NEW.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER tally_delete AFTER DELETE ON schedule BEGIN
    UPDATE tally SET count = count - 1 WHERE application = OLD.application AND state = OLD.state;
  END;

  DROP VIEW schedules;
  CREATE VIEW schedules AS
    SELECT application.name AS application, schedule.name, schedule.id,
      CASE state WHEN 0 THEN 'scheduled' WHEN 1 THEN 'scheduled' WHEN 2 THEN 'delivering' WHEN 3 THEN 'delivered'
                 WHEN 4 THEN 'failed' WHEN 5 THEN 'canceled' WHEN 6 THEN 'expired' END AS status,
      strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS at, time_zone,
      strftime('%Y-%m-%dT%H:%M:%fZ', due_at / 1000.0, 'unixepoch') AS due_at,
      strftime('%Y-%m-%dT%H:%M:%fZ', expires_at / 1000.0, 'unixepoch') AS expires_at,
      attempt_count, method, url, payload, attempts
    FROM schedule JOIN application ON application.id = schedule.application JOIN content USING (seq);
  `,
  `
  -- CRC-32 of each row's values, so that no flipped bit goes unnoticed; 0: written before there were any.
  ALTER TABLE schedule ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE content ADD COLUMN content_checksum INTEGER NOT NULL DEFAULT 0;
  `,
]

/** What `user_version` is in a file of this version. */
export const schemaVersion = migrations.length

/** How long a write waits for another process that is writing. */
export const busyTimeoutMs = 5000

/**
 * Opens the store's file, making or migrating it where necessary.
 *
 * @throws StartRefused where the file is damaged, newer than this version, somebody else's, or older and in use
 */
export function openDatabase(file: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    if (existsSync(file)) refuseEarlierVersionsProcess(file)
    database = new DatabaseSync(file, { timeout: busyTimeoutMs })
    // FULL: a commit is on the disk before anybody hears of it. Checkpoints are another thread's work (see reader.ts).
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;')
    database.exec('PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY')
    migrate(database, file)
    return database
  } catch (error) {
    database?.close()
    throw refusal(file, error)
  }
}

/** The first column of the first row of a statement, as a number. */
export function readNumber(database: DatabaseSync, sql: string): number {
  return Number(Object.values(database.prepare(sql).get() ?? {})[0])
}

/** @throws StartRefused where somebody has the file open */
export function refuseInUse(file: string): void {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { timeout: 0 })
    // Possible only for the one who has it open alone.
    database.exec('PRAGMA journal_mode = DELETE')
  } catch (error) {
    const [sqliteBusy, sqliteLocked] = [5, 6]
    const code = codeOf(error)
    if (code === sqliteBusy || code === sqliteLocked) throw new StartRefused(`${file} is in use: stop the service first.`, { cause: error })
    // It is damaged, which is for others to say.
  } finally {
    database?.close()
  }
}

/** A process of an earlier version does not know what has to be kept in step from now on. */
function refuseEarlierVersionsProcess(file: string): void {
  const database = new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs })
  let version: number
  try {
    version = readNumber(database, 'PRAGMA user_version')
  } finally {
    database.close()
  }
  if (version > 0 && version < schemaVersion) refuseInUse(file)
}

function migrate(database: DatabaseSync, file: string): void {
  const owner = readNumber(database, 'PRAGMA application_id')
  const isEmpty = readNumber(database, 'SELECT count(*) FROM sqlite_schema') === 0
  if (owner !== applicationId && !(owner === 0 && isEmpty)) {
    throw new StartRefused(`${file} is another program's database. Set DATA_DIR to a directory of Punctual's own.`)
  }
  database.exec('BEGIN IMMEDIATE')
  const version = readNumber(database, 'PRAGMA user_version')
  if (version > migrations.length) {
    throw new StartRefused(
      `${file} was written by a newer version of Punctual (its schema is ${version}, this version knows up to ${migrations.length}). ` +
        'Start the newer version, or restore a backup from before the update.',
    )
  }
  for (const migration of migrations.slice(version)) database.exec(migration)
  if (version < migrations.length) database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`)
  database.exec('COMMIT')
}

/** What whoever starts the service is told about an error at opening its file. */
export function refusal(file: string, error: unknown): StartRefused {
  if (error instanceof StartRefused) return error
  const reason = error instanceof Error ? error.message : String(error)
  if (isDamage(error)) return damaged(file, reason, error)
  return new StartRefused(`${file} cannot be opened: ${reason}. Check DATA_DIR, its permissions and the disk.`, { cause: error })
}

/** Whether it is SQLite that says so. */
export function isDamage(error: unknown): boolean {
  const [sqliteCorrupt, sqliteNotADatabase] = [11, 26]
  const code = codeOf(error)
  return code === sqliteCorrupt || code === sqliteNotADatabase
}

/** SQLite's primary result code. */
function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined
}

export function damaged(file: string, finding: string, cause?: unknown): StartRefused {
  return new StartRefused(
    `${file} is damaged (${finding}). Restore a backup, or move the file and those beside it away to start with an empty store. Nothing was changed.`,
    { cause },
  )
}
