import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { ErrorCode } from '../domain/errors.ts'
import { namePattern } from './patterns.ts'

/** Told of every request that was answered. */
export interface RequestObserver {
  /** @param route the pattern that it matched, not the path: there are few of those */
  requested(method: string, route: string, status: number, tookMs: number): void
}

/** What a request is called in the log and in its answer: what the caller calls it, if that is a name, or one of ours. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[A-Za-z0-9._:-]{1,128}$/.test(given) ? given : randomUUID()
}

/** Routes of the API are logged each time; what looks after the service, and its pages, only where somebody wants to know. */
const apiRoute = /^\/(?:schedules|timeline|callbacks)\b/

const isName = new RegExp(namePattern.pattern)

declare module 'fastify' {
  interface FastifyRequest {
    /** What was wrong, where something was. */
    problemCode: ErrorCode | undefined
    /** What else its line in the log is to say. */
    logged: Readonly<Record<string, string | number>>
  }
}

/** One wide line for each request, with the id that is also in the answer; and its numbers for the metrics. */
export function recordRequests(app: FastifyInstance, observer: RequestObserver): void {
  app.decorateRequest('problemCode', undefined)
  app.decorateRequest('logged')
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const { method, application, problemCode, logged, is404 } = request
    const route = is404 ? 'none' : (request.routeOptions.url ?? 'none')
    observer.requested(method, route, reply.statusCode, reply.elapsedTime)
    const { name = '' } = (request.params ?? {}) as { readonly name?: string }
    const fields = {
      requestId: request.id,
      method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      application: application || undefined,
      // What cannot be a name may be anything, such as what a terminal obeys or a viewer takes for the end of the line.
      schedule: isName.test(name) ? name : undefined,
      code: problemCode,
      ...logged,
    }
    if (apiRoute.test(route)) request.log.info(fields, 'request')
    else request.log.debug(fields, 'request')
    done()
  })
}
