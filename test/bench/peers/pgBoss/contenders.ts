import type { Contender } from '../../contender.ts'
import { makePeer } from '../peer.ts'
import { makePostgres } from '../postgres.ts'

const shared = { from: import.meta.url, makeServer: makePostgres }

export const pgBoss: readonly Contender[] = [
  makePeer({ ...shared, title: 'pg-boss', measuredIn: ['create', 'lateness', 'burst', 'pending'] }),
  // The shortest that it takes.
  makePeer({
    ...shared,
    title: 'pg-boss, polling 0.5 s',
    measuredIn: ['lateness', 'burst'],
    workerSettings: { pollingIntervalSeconds: 0.5 },
  }),
]
