import { hash } from 'node:crypto'
import type { Static } from 'typebox'
import { AppError, invalid } from '../domain/errors.ts'
import { defaultRetryPolicy, type RetryPolicy } from '../domain/retry.ts'
import type { Attempt, Schedule, Target } from '../domain/schedule.ts'
import { formatInstant, parseInstant } from '../domain/time.ts'
import type { CreateRequest } from '../usecases/createSchedule.ts'
import { outline, parseExact } from './jsonText.ts'
import type { Attempt as AttemptResource, CreateSchedule, Schedule as ScheduleResource } from './schemas.ts'

export const maxPayloadBytes = 256 * 1024

/** Deeper than anybody's data, and shallow enough for every recursive program that will ever read it. */
const maxDepth = 100

/** All headers of a target together: what a common server takes, with room for ours. */
const maxHeaderBytes = 8 * 1024

const instantText =
  'must be a date-time with seconds and an offset, such as 2030-12-01T09:00:00+05:30 or 2030-12-01T03:30:00Z, in the years 1970 to 9999'

/**
 * A creating request in the words of the domain.
 *
 * @param text the request's body as it came
 * @throws AppError `invalid_request`, `payload_too_large`
 */
export function toCreateRequest(
  application: string,
  body: Static<typeof CreateSchedule>,
  text: string,
  traceparent: string | undefined,
): CreateRequest {
  const { depth, members } = outline(text)
  if (depth > maxDepth)
    throw new AppError('invalid_request', `The body nests ${depth} levels deep; at most ${maxDepth} are taken.`, { errors: [] })
  const payload = members.get('payload')
  if (payload !== undefined && Buffer.byteLength(payload) > maxPayloadBytes) {
    throw new AppError(
      'payload_too_large',
      `The payload is larger than ${maxPayloadBytes} bytes. Keep it in the application, and send a reference.`,
    )
  }
  return {
    application,
    name: body.name,
    when: body.at === undefined ? { delaySeconds: body.delaySeconds ?? 0 } : { at: toInstant(body.at, '/at') },
    content: {
      target: toTarget(body.target),
      payload: payload === undefined || payload === 'null' ? null : payload,
      retry: toRetryPolicy(body.retry),
      traceparent: traceparent !== undefined && isTraceparent(traceparent) ? traceparent : null,
    },
    digest: hash('sha256', text, 'base64url'),
  }
}

/** @throws AppError `invalid_request` */
export function toInstant(text: string, pointer: string): number {
  const instant = parseInstant(text)
  if (instant === undefined) throw invalid(pointer, instantText)
  return instant
}

/** What is finer than a millisecond is no delay of ours, and no number for every store. */
function toMilliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}

function toRetryPolicy(retry: Static<typeof CreateSchedule>['retry']): RetryPolicy {
  const { maxAttempts, initialDelaySeconds, maxDelaySeconds } = { ...defaultRetryPolicy, ...retry }
  return { maxAttempts, initialDelaySeconds: toMilliseconds(initialDelaySeconds), maxDelaySeconds: toMilliseconds(maxDelaySeconds) }
}

/** Headers that are ours, or that frame a message or belong to one connection (RFC 9110, section 7.6.1; RFC 9112). */
const reservedHeaders = new Set([
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'schedule-name',
  'schedule-attempt',
  'schedule-due-at',
  'traceparent',
  'host',
  'content-length',
  'connection',
  'transfer-encoding',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'http2-settings',
])

function toTarget({ url, method = 'POST', headers = {} }: Static<typeof CreateSchedule>['target']): Target {
  const parsed = URL.parse(url)
  if (parsed === null) throw invalid('/target/url', 'is not a URL')
  if (parsed.username !== '' || parsed.password !== '') throw invalid('/target/url', 'must not contain credentials: send them as a header')
  if (url.includes('#')) throw invalid('/target/url', 'must not have a fragment: it is never sent')
  const normalized = new Map<string, string>()
  let bytes = 0
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    const pointer = `/target/headers/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (reservedHeaders.has(lower)) throw invalid(pointer, 'is set by Punctual, and cannot be set here')
    if (normalized.has(lower)) throw invalid(pointer, 'is given twice: upper and lower case are the same')
    bytes += name.length + value.length
    normalized.set(lower, value)
  }
  if (bytes > maxHeaderBytes) throw invalid('/target/headers', `are ${bytes} bytes together; at most ${maxHeaderBytes} are taken`)
  return { url, method, headers: Object.fromEntries(normalized) }
}

/** @see https://www.w3.org/TR/trace-context/#traceparent-header-field-values */
function isTraceparent(text: string): boolean {
  return /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.test(text)
}

/** A record as callers see it. */
export function toResource(schedule: Schedule): Static<typeof ScheduleResource> {
  const { content, status, dueAt, finishedAt } = schedule
  return {
    name: schedule.name,
    id: schedule.id,
    application: schedule.application,
    status,
    at: formatInstant(schedule.at),
    target: content.target,
    ...(content.payload === null ? {} : { payload: parseExact(content.payload) }),
    retry: content.retry,
    ...(status === 'scheduled' && dueAt !== null ? { nextAttemptAt: formatInstant(dueAt) } : {}),
    createdAt: formatInstant(schedule.createdAt),
    updatedAt: formatInstant(schedule.updatedAt),
    ...(finishedAt === null ? {} : { finishedAt: formatInstant(finishedAt) }),
    attempts: schedule.attempts.map(toAttemptResource),
  }
}

function toAttemptResource({
  number,
  dueAt,
  startedAt,
  durationMs,
  outcome,
  statusCode,
  error,
  responseBody,
}: Attempt): Static<typeof AttemptResource> {
  return {
    number,
    dueAt: formatInstant(dueAt),
    startedAt: formatInstant(startedAt),
    latenessMs: startedAt - dueAt,
    durationMs,
    outcome,
    ...(statusCode === undefined ? {} : { statusCode }),
    ...(error === undefined ? {} : { error }),
    ...(responseBody === undefined ? {} : { responseBody }),
  }
}
