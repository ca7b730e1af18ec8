import { DatabaseSync } from 'node:sqlite'

/** A post that has been published. */
export interface Post {
  /** The `webhook-id` that it came with. */
  readonly id: string
  readonly text: string
  /** When it was to appear, and when it did: milliseconds since the epoch. */
  readonly dueAt: number
  readonly publishedAt: number
}

export interface Feed {
  /** Adds a post, durably, unless it is there already: what comes twice is published once. */
  publish(post: Post): void
  /** The latest ones, newest first. */
  latest(): Post[]
  close(): void
}

/** The application's own store: the only one that knows what has been published. */
export function openFeed(file: string): Feed {
  const database = new DatabaseSync(file)
  database.exec(`
    CREATE TABLE IF NOT EXISTS post (
      id TEXT PRIMARY KEY, text TEXT NOT NULL, dueAt INTEGER NOT NULL, publishedAt INTEGER NOT NULL
    ) STRICT
  `)
  const insert = database.prepare('INSERT INTO post (id, text, dueAt, publishedAt) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const select = database.prepare('SELECT id, text, dueAt, publishedAt FROM post ORDER BY publishedAt DESC, dueAt DESC LIMIT 100')
  return {
    publish({ id, text, dueAt, publishedAt }) {
      insert.run(id, text, dueAt, publishedAt)
    },
    latest: () => select.all() as unknown as Post[],
    close: () => database.close(),
  }
}
