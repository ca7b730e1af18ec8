import type { Contender } from '../../contender.ts'
import { makePeer } from '../peer.ts'
import { makeRedis } from '../redis.ts'

const from = import.meta.url

export const bullmq: readonly Contender[] = [
  makePeer({
    title: 'BullMQ, Redis fsync always',
    measuredIn: ['create', 'lateness', 'burst', 'pending'],
    from,
    makeServer: (scope) => makeRedis(scope),
  }),
  // Its worker waits for the next moment in a blocking command, whose time-outs Redis looks at so often in a second; default 10.
  makePeer({
    title: 'BullMQ, Redis hz 100',
    measuredIn: ['lateness', 'burst'],
    from,
    makeServer: (scope) => makeRedis(scope, ['--hz', '100']),
  }),
]
