import type { DatabaseSync } from 'node:sqlite'
import { openDatabase } from './database.ts'
import { prepareReading } from './operations.ts'
import { outcomeOf, serve } from './thread.ts'

/** Work that may take long and must not stand in the way of a commit: pages of lists, and checkpoints. */
serve((file) => {
  const database = openDatabase(file)
  const operations = { ...prepareReading(database), ...prepareCheckpoint(database) }
  return {
    execute: (batch) => batch.map((operation) => outcomeOf(operations, operation)),
    close: () => database.close(),
  }
})

/** A checkpoint is worth its fsyncs from this many pages of 4 KiB on. */
const worthwhilePages = 4000

/** After so many looks at a log that has not grown, even a short one is copied: an idle store is all in its one file. */
const idleLooks = 8

/** So many rounds at most; each has less to do than the one before. */
const rounds = 4

function prepareCheckpoint(database: DatabaseSync) {
  const measure = database.prepare('PRAGMA wal_checkpoint(NOOP)')
  const checkpoint = database.prepare('PRAGMA wal_checkpoint(PASSIVE)')
  let lastLog = 0
  let looksSinceGrowth = 0

  return {
    /**
     * Copies what is in the write-ahead log into the database, while the writing thread goes on.
     *
     * @returns the length of the log, in pages
     */
    checkpoint(): number {
      let state = measure.get() as { log: number; checkpointed: number }
      looksSinceGrowth = state.log === lastLog ? looksSinceGrowth + 1 : 0
      lastLog = state.log
      if (looksSinceGrowth >= idleLooks && state.log > state.checkpointed) state = checkpoint.get() as typeof state
      for (let round = 0; round < rounds && state.log - state.checkpointed >= worthwhilePages / 4 ** round; round++) {
        state = checkpoint.get() as { log: number; checkpointed: number }
      }
      return state.log
    },
  }
}

export type ReadingOperations = ReturnType<typeof prepareReading> & ReturnType<typeof prepareCheckpoint>
