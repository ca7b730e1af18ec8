import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { invalid } from '../../domain/errors.ts'
import type { Clock } from '../../domain/ports.ts'
import { formatInstant } from '../../domain/time.ts'
import { answer, failures, ofBodies } from '../describe.ts'
import { acceptJson, parsePlainly } from '../jsonBody.ts'
import { toInstant } from '../request.ts'
import { AdvanceClock, ClockState } from '../schemas/clock.ts'
import { ref } from '../schemas/named.ts'

export interface ClockOptions {
  readonly clock: Pick<Clock, 'now'>
  advanceClock(target: (now: number) => number): Promise<number>
}

const example = { now: '2030-12-31T09:00:00.000Z' }

/** For tests, of a service whose clock is turned by hand. */
export const clockRoutes: FastifyPluginAsyncTypebox<ClockOptions> = async (app, { clock, advanceClock }) => {
  acceptJson(app, parsePlainly)

  app.get(
    '/clock',
    {
      schema: {
        operationId: 'readClock',
        summary: 'What the clock shows',
        tags: ['clock'],
        security: [],
        response: { 200: answer('The moment that it is for this service.', ClockState, example), ...failures('internal_error') },
      },
    },
    async () => ({ now: formatInstant(clock.now()) }),
  )

  app.post(
    '/clock/advance',
    {
      schema: {
        operationId: 'advanceClock',
        summary: 'Turn the clock forward',
        description:
          'Delivers all that falls due until then, in the order of time and each at its own moment, with retries and whatever is scheduled meanwhile. Answers when that has ended.',
        tags: ['clock'],
        security: [],
        body: ref(AdvanceClock),
        response: {
          200: answer('It shows that moment, and everything is at rest.', ClockState, example),
          ...failures('malformed_request', ...ofBodies, 'invalid_request', 'internal_error', 'unavailable'),
        },
      },
    },
    async ({ body: { to, bySeconds } }) => {
      if ((to === undefined) === (bySeconds === undefined)) throw invalid('', 'needs exactly one of to and bySeconds')
      const instant = to === undefined ? undefined : toInstant(to, '/to')
      return { now: formatInstant(await advanceClock((now) => instant ?? now + Math.ceil((bySeconds ?? 0) * 1000))) }
    },
  )
}
