import rateLimit from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import type { Applications } from '../domain/application.ts'
import { AppError } from '../domain/errors.ts'
import type { Authenticate } from './authenticate.ts'

/** Where the event loop is behind by more than this on average, whoever waits for an answer is better told so at once. */
const maxEventLoopDelayMs = 1000

/** Long enough that one stall (a start on a busy machine, a garbage collection) does not pass for overload. */
const sampleMs = 3000

export interface GuardOptions {
  readonly authenticate: Authenticate
  readonly applications: Pick<Applications, 'get'>
}

/** What callers pass before their request is looked at: all of it before the body is read, which a stranger's is not worth. */
export async function addGuards(app: FastifyInstance, { authenticate, applications }: GuardOptions): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: maxEventLoopDelayMs,
    sampleInterval: sampleMs,
    pressureHandler: async () => {
      throw new AppError('unavailable', 'The service has more to do than it can right now. Nothing was changed; try again.', {
        retryAfterSeconds: sampleMs / 1000,
      })
    },
  })
  app.decorateRequest('application', '')
  app.addHook('onRequest', (request, _reply, done) => {
    request.application = authenticate(request)
    done()
  })
  await app.register(rateLimit, { global: false, enableDraftSpec: true })
  const limitOf = (application: string): number | undefined => applications.get(application)?.maxRequestsPerSecond
  const limitRequests = app.rateLimit({
    timeWindow: 1000,
    keyGenerator: ({ application }) => application,
    max: (_request, application) => limitOf(application) ?? Number.POSITIVE_INFINITY,
    errorResponseBuilder: (_request, { max }) =>
      new AppError('too_many_requests', `The application may make ${max} requests a second.`, { retryAfterSeconds: 1 }),
  })
  app.addHook('onRequest', (request, reply, done) => {
    // A promise for each request of those that have no limit would be dear.
    return limitOf(request.application) === undefined ? done() : limitRequests.call(app, request, reply)
  })
}
