import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { Applications } from '../domain/application.ts'
import { AppError } from '../domain/errors.ts'

/** Which application a request comes from; throws AppError `unauthorized` where that is unclear. */
export type Authenticate = (request: FastifyRequest) => string

/**
 * The application is known by its API key alone. Keys are looked up by their SHA-256, so that how long it takes tells
 * nothing about a key.
 */
export function makeAuthenticate(applications: Applications): Authenticate {
  const index = (): ReadonlyMap<string, string> =>
    new Map(applications.all().flatMap(({ name, apiKeyHashes }) => apiKeyHashes.map((digest) => [digest, name])))
  let byHash = index()
  applications.onChange(() => {
    byHash = index()
  })
  return ({ headers }) => {
    const key = bearerToken(headers)
    const application = key === undefined ? undefined : byHash.get(hash('sha256', key, 'hex'))
    if (application === undefined) {
      throw new AppError('unauthorized', 'Send the API key of your application as "Authorization: Bearer <key>".')
    }
    return application
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export function bearerToken({ authorization }: IncomingHttpHeaders): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
}

/** Development mode: every request is this application's. */
export function alwaysAs(application: string): Authenticate {
  return () => application
}
