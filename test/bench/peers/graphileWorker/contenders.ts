import type { Contender } from '../../contender.ts'
import { makePeer } from '../peer.ts'
import { makePostgres } from '../postgres.ts'

const shared = { from: import.meta.url, makeServer: makePostgres }

export const graphileWorker: readonly Contender[] = [
  makePeer({ ...shared, title: 'Graphile Worker', measuredIn: ['create', 'lateness', 'burst', 'pending'] }),
  makePeer({
    ...shared,
    title: 'Graphile Worker, polling 100 ms',
    measuredIn: ['lateness', 'burst'],
    workerSettings: { pollInterval: 100 },
  }),
]
