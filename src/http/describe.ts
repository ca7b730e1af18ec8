import type { TProperties } from 'typebox'
import type { ErrorCode } from '../domain/errors.ts'
import { problems } from './problem.ts'
import { type Named, Problem, ref } from './schemas.ts'

const retryAfterHeader = { 'retry-after': { type: 'string', description: 'When to try again, in seconds.' } }

const requestIdHeader = { 'x-request-id': { type: 'string', description: 'What this request is called in the log.' } }

/** A success: what it means, its schema, and an example. */
export function answer<P extends TProperties>(description: string, schema: Named<P>, example: unknown, headers: object = {}) {
  return { description, headers: { ...requestIdHeader, ...headers }, content: { 'application/json': { schema: ref(schema), example } } }
}

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
