import type { DeliveryResult } from '../domain/lifecycle.ts'

type Verdict = Pick<DeliveryResult, 'verdict' | 'error' | 'retryAfterMs'>

/**
 * What an owner's answer means.
 *
 * | answer | meaning |
 * | --- | --- |
 * | 2xx | delivered |
 * | 410 | no more of this |
 * | 429, 503 with `Retry-After` | again, no sooner than that |
 * | 3xx | again: redirects are not followed, since the place they lead to was allowed by nobody |
 * | anything else | again |
 *
 * @param retryAfter the `Retry-After` header as it came
 * @param now the wall clock, in milliseconds since the epoch
 */
export function judge(statusCode: number, retryAfter: string | undefined, now: number): Verdict {
  if (statusCode >= 200 && statusCode < 300) return { verdict: 'delivered' }
  if (statusCode === 410) return { verdict: 'gone', error: 'the owner answered 410: it wants no more of this' }
  const error =
    statusCode >= 300 && statusCode < 400
      ? `the owner answered ${statusCode}: redirects are not followed`
      : `the owner answered ${statusCode}`
  const honorsRetryAfter = statusCode === 429 || statusCode === 503
  return { verdict: 'retry', error, retryAfterMs: honorsRetryAfter ? parseRetryAfter(retryAfter, now) : undefined }
}

/**
 * `Retry-After` as a delay in milliseconds: a number of seconds, or an HTTP date.
 *
 * @returns undefined where there is none, or it makes no sense
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  if (/^\d+$/.test(text)) return Number(text) * 1000
  // An HTTP date starts with the name of a day; Date.parse alone would also take "1" or "-5".
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return undefined
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
