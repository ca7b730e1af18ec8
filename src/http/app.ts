import type { Socket } from 'node:net'
import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { AppError } from '../domain/errors.ts'
import { docs } from './docs.ts'
import { addGuards, type GuardOptions } from './guards.ts'
import { acceptJson, parseSafely } from './jsonBody.ts'
import { watchMethods } from './methodNotAllowed.ts'
import { describeApi } from './openapi.ts'
import { problemOf, problemType, sendProblem, toAppError } from './problem.ts'
import { maxPayloadBytes } from './request.ts'
import { type RequestObserver, recordRequests, requestIdOf } from './requestRecord.ts'
import { type BulkUseCases, bulkRoutes } from './routes/bulk.ts'
import { type CallbackOptions, callbackRoutes } from './routes/callbacks.ts'
import { healthRoutes } from './routes/health.ts'
import { type MetricsOptions, metricsRoutes } from './routes/metrics.ts'
import { type ScheduleUseCases, scheduleRoutes } from './routes/schedules.ts'
import { namedSchemas } from './schemas.ts'
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
  readonly useCases: ScheduleUseCases & BulkUseCases
  readonly callbacks: CallbackOptions
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
  metrics,
  authenticate,
  applications,
  check,
  logger,
  version,
}: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: requestIdOf,
    bodyLimit: maxBodyBytes,
    // Headers and body have to arrive within this; it also bounds what a slow caller can hold on to.
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 256 },
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      sendProblem(toAppError(error), request, reply)
    },
    clientErrorHandler,
  }).withTypeProvider<TypeBoxTypeProvider>()

  const validation = makeValidation()
  app.setValidatorCompiler(validation.compiler)
  app.decorateRequest('bodyText', '')
  acceptJson(app, parseSafely)
  closeConnectionsWhenClosing(app)
  app.setErrorHandler<Error>((error, request, reply) => sendProblem(toAppError(error as Parameters<typeof toAppError>[0]), request, reply))
  recordRequests(app, metrics)
  // Before the body is read: where nothing is, nothing can be wrong with it.
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404) done(new AppError('not_found', `There is no ${request.method} ${request.url.split('?')[0]}. See /docs.`))
    else done()
  })

  for (const schema of namedSchemas) app.addSchema(schema)
  await app.register(swagger, describeApi(version))
  const refuseOtherMethods = watchMethods(app)
  await app.register(healthRoutes, { check })
  await app.register(metricsRoutes, { metrics })
  await app.register(async (callers) => {
    await addGuards(callers, { authenticate, applications })
    await callers.register(scheduleRoutes, { useCases })
    await callers.register(bulkRoutes, { useCases, validation })
  })
  await app.register(callbackRoutes, callbacks)
  await app.register(docs)
  refuseOtherMethods()
  await app.ready()
  return app
}

/** Closing waits for connections; without this a kept-alive one would be waited for until its next request. */
function closeConnectionsWhenClosing(app: Pick<FastifyInstance, 'addHook'>): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close')
  })
}

/** What is not even HTTP: answered on the bare socket. */
function clientErrorHandler(this: FastifyInstance, error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const problem = problemOf(clientError(error))
  const body = JSON.stringify(problem)
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

function clientError({ code }: NodeJS.ErrnoException): AppError {
  if (code === 'HPE_HEADER_OVERFLOW') return new AppError('headers_too_large', 'The URL and the headers together are larger than 16 KiB.')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new AppError('request_timeout', 'The request did not arrive within 30 seconds.')
  return new AppError('malformed_request', 'This is not an HTTP request.')
}
