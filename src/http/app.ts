import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { AppError } from '../domain/errors.ts'
import { answerAlways, closeConnectionsWhenClosing, connectionLimits, refuseNoRequest } from './connections.ts'
import { operatorsConsole } from './console.ts'
import { docs } from './docs.ts'
import { addGuards, type GuardOptions } from './guards.ts'
import { acceptJson, parseSafely } from './jsonBody.ts'
import { watchMethods } from './methodNotAllowed.ts'
import { describeApi } from './openapi.ts'
import { sendProblem, toAppError } from './problem.ts'
import { maxPayloadBytes } from './request.ts'
import { type RequestObserver, recordRequests, requestIdOf } from './requestRecord.ts'
import { type BulkUseCases, bulkRoutes } from './routes/bulk.ts'
import { type CallbackOptions, callbackRoutes } from './routes/callbacks.ts'
import { type ClockOptions, clockRoutes } from './routes/clock.ts'
import { healthRoutes } from './routes/health.ts'
import { type MetricsOptions, metricsRoutes } from './routes/metrics.ts'
import { type ScheduleUseCases, scheduleRoutes } from './routes/schedules.ts'
import { type TimelineUseCases, timelineRoutes } from './routes/timeline.ts'
import { clockSchemas, namedSchemas } from './schemas.ts'
import { makeValidation } from './validation.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, on routes that ask. */
    application: string
    /** The body as it came. */
    bodyText: string
  }
}

/** The largest payload, and room for all that may stand around it. */
const maxBodyBytes = maxPayloadBytes + 64 * 1024

export interface AppOptions extends GuardOptions {
  readonly useCases: ScheduleUseCases & BulkUseCases & TimelineUseCases
  readonly callbacks: CallbackOptions
  /** Of a clock that is turned by hand. */
  readonly manualClock?: ClockOptions | undefined
  readonly metrics: MetricsOptions['metrics'] & RequestObserver
  /** Rejects where the service cannot do its work. */
  readonly check: () => Promise<void>
  readonly logger: FastifyBaseLogger
  readonly version: string
}

/** The HTTP side of the service: a plugin's worth of routes on a server that is not listening yet. */
export async function buildApp({
  useCases,
  callbacks,
  manualClock,
  metrics,
  authenticate,
  applications,
  check,
  logger,
  version,
}: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // Each of our lines says itself which request it is about: a logger for each request is not needed.
    childLoggerFactory: (logger) => logger,
    genReqId: requestIdOf,
    bodyLimit: maxBodyBytes,
    ...connectionLimits,
    routerOptions: { maxParamLength: 256 },
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      sendProblem(toAppError(error), request, reply)
    },
    clientErrorHandler: (error, socket) => refuseNoRequest(logger, error, socket),
  }).withTypeProvider<TypeBoxTypeProvider>()

  const validation = makeValidation()
  app.setValidatorCompiler(validation.compiler)
  app.decorateRequest('bodyText', '')
  acceptJson(app, parseSafely)
  closeConnectionsWhenClosing(app)
  answerAlways(app)
  app.setErrorHandler<Error>((error, request, reply) => sendProblem(toAppError(error as Parameters<typeof toAppError>[0]), request, reply))
  recordRequests(app, metrics)
  // Before the body is read: where nothing is, nothing can be wrong with it.
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404) done(new AppError('not_found', `There is no ${request.method} ${request.url.split('?')[0]}. See /docs.`))
    else done()
  })

  for (const schema of namedSchemas) app.addSchema(schema)
  if (manualClock !== undefined) for (const schema of clockSchemas) app.addSchema(schema)
  await app.register(swagger, describeApi(version))
  const refuseOtherMethods = watchMethods(app)
  await app.register(healthRoutes, { check })
  await app.register(metricsRoutes, { metrics })
  await app.register(async (callers) => {
    await addGuards(callers, { authenticate, applications })
    await callers.register(scheduleRoutes, { useCases })
    await callers.register(bulkRoutes, { useCases, validation })
    await callers.register(timelineRoutes, { useCases })
  })
  await app.register(callbackRoutes, callbacks)
  if (manualClock !== undefined) await app.register(clockRoutes, manualClock)
  await app.register(docs)
  await app.register(operatorsConsole)
  refuseOtherMethods()
  await app.ready()
  return app
}
