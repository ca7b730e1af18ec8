import type { TProperties } from 'typebox'
import type { ErrorCode } from '../domain/errors.ts'
import { problems } from './problem.ts'
import { type Named, ref } from './schemas/named.ts'
import { Problem } from './schemas/problem.ts'

const retryAfterHeader = { 'retry-after': { type: 'string', description: 'When to try again, in seconds.' } }

const requestIdHeader = { 'x-request-id': { type: 'string', description: 'What this request is called in the log.' } }

/** A success: what it means, its schema, and an example. */
export function answer<P extends TProperties>(description: string, schema: Named<P>, example: unknown, headers: object = {}) {
  return { description, headers: { ...requestIdHeader, ...headers }, content: { 'application/json': { schema: ref(schema), example } } }
}

/** What a caller may be told by every route that it needs a key for, ... */
export const ofCallers = ['malformed_request', 'unauthorized', 'too_many_requests', 'internal_error', 'unavailable'] as const
/** ... by every one that reads a body, also one that needs none, ... */
export const ofBodies = ['malformed_json', 'payload_too_large', 'unsupported_media_type'] as const
/** ... by every one about a single schedule, ... */
export const ofNames = ['not_found', 'uri_too_long'] as const
/** ... and by every one that moves it. */
export const ofMoves = ['being_delivered', 'already_finished', 'precondition_failed'] as const

/** The errors that a route can give, by status, with an example for each code. */
export function failures(...codes: readonly ErrorCode[]) {
  const byStatus = Map.groupBy(codes, (code) => problems[code][0])
  return Object.fromEntries(
    [...byStatus].map(([status, together]) => {
      const examples = Object.fromEntries(
        together.map((code) => [
          code,
          { value: { type: 'about:blank', title: problems[code][1], status, code, detail: problems[code][1] } },
        ]),
      )
      const description = together.map((code) => problems[code][1]).join(', or: ')
      const headers = status === 429 || status === 503 ? { ...requestIdHeader, ...retryAfterHeader } : requestIdHeader
      return [status, { description, headers, content: { 'application/problem+json': { schema: ref(Problem), examples } } }]
    }),
  )
}
