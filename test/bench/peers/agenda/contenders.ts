import type { Contender } from '../../contender.ts'
import { makePeer } from '../peer.ts'
import { makePostgres } from '../postgres.ts'

export const agenda: readonly Contender[] = [
  makePeer({
    title: 'Agenda on PostgreSQL',
    measuredIn: ['create', 'lateness', 'burst', 'pending'],
    from: import.meta.url,
    makeServer: makePostgres,
    // It looks so far ahead, so often, and sets a timer for what it finds.
    looksAheadMs: 5000,
  }),
]
