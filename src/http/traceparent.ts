import type { IncomingHttpHeaders } from 'node:http'

/**
 * The trace that a request belongs to; null where there is none.
 *
 * @see https://www.w3.org/TR/trace-context/#traceparent-header-field-values
 */
export function traceparentOf({ traceparent }: IncomingHttpHeaders): string | null {
  return typeof traceparent === 'string' && wellFormed.test(traceparent) ? traceparent : null
}

const wellFormed = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/
