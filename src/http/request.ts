import { hash } from 'node:crypto'
import type { Static } from 'typebox'
import { AppError, invalid } from '../domain/errors.ts'
import { defaultRetryPolicy, type RetryPolicy } from '../domain/retry.ts'
import type { Content, Target } from '../domain/schedule.ts'
import { formatLocalTime, parseInstant, parseLocalTime } from '../domain/time.ts'
import type { ChangeRequest } from '../usecases/changeSchedule.ts'
import type { CreateRequest } from '../usecases/createSchedule.ts'
import type { When } from '../usecases/moment.ts'
import { type JsonOutline, outline } from './jsonText.ts'
import type { ChangeSchedule, CreateSchedule } from './schemas/requests.ts'

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
 * @param text the request as it came
 * @param traceparent the header of that name
 * @throws AppError `invalid_request`, `payload_too_large`
 */
export function toCreateRequest(
  application: string,
  body: Static<typeof CreateSchedule>,
  text: string,
  traceparent: string | null,
): CreateRequest {
  return {
    application,
    name: body.name,
    when: toWhen(body) ?? { delaySeconds: 0 },
    expiresAfterMs: body.expiresAfterSeconds === undefined ? undefined : Math.ceil(body.expiresAfterSeconds * 1000),
    content: { target: toTarget(body.target), payload: toPayload(outlineOf(text)) ?? null, retry: toRetryPolicy(body.retry), traceparent },
    ifExists: body.ifExists ?? 'fail',
    digest: hash('sha256', text, 'base64url'),
  }
}

/**
 * A change in the words of the domain.
 *
 * @param text the request's body as it came
 * @throws AppError `invalid_request`, `payload_too_large`
 */
export function toChange(body: Static<typeof ChangeSchedule>, text: string): Pick<ChangeRequest, 'when' | 'expiresAfterMs' | 'content'> {
  const payload = toPayload(outlineOf(text))
  const { expiresAfterSeconds } = body
  const content: Partial<Content> = {
    ...(body.target === undefined ? {} : { target: toTarget(body.target) }),
    ...(payload === undefined ? {} : { payload }),
    ...(body.retry === undefined ? {} : { retry: toRetryPolicy(body.retry) }),
  }
  return {
    when: toWhen(body),
    expiresAfterMs: typeof expiresAfterSeconds === 'number' ? Math.ceil(expiresAfterSeconds * 1000) : expiresAfterSeconds,
    content,
  }
}

/** @throws AppError `invalid_request` */
export function toInstant(text: string, pointer: string): number {
  const instant = parseInstant(text)
  if (instant === undefined) throw invalid(pointer, instantText)
  return instant
}

function outlineOf(text: string): JsonOutline {
  const outlined = outline(text, 'payload')
  if (outlined.depth <= maxDepth) return outlined
  throw new AppError('invalid_request', `The body nests ${outlined.depth} levels deep; at most ${maxDepth} are taken.`, { errors: [] })
}

/** As it was written; null where it is to be empty, undefined where there is none. */
function toPayload({ member: payload }: JsonOutline): string | null | undefined {
  // A character has three bytes at most: nearly always its length alone tells.
  if (payload !== undefined && payload.length > maxPayloadBytes / 3 && Buffer.byteLength(payload) > maxPayloadBytes) {
    throw new AppError(
      'payload_too_large',
      `The payload is larger than ${maxPayloadBytes} bytes. Keep it in the application, and send a reference.`,
    )
  }
  return payload === 'null' ? null : payload
}

/** Undefined where the request says nothing of it. */
function toWhen(body: Pick<Static<typeof CreateSchedule>, 'at' | 'delaySeconds' | 'timeZone' | 'disambiguation'>): When | undefined {
  const { at, delaySeconds, timeZone, disambiguation } = body
  if (timeZone === undefined && disambiguation !== undefined) throw invalid('/disambiguation', 'goes with a timeZone alone')
  if (timeZone !== undefined && at === undefined) throw invalid('/timeZone', 'goes with an at alone')
  if (at !== undefined && delaySeconds !== undefined) throw invalid('/delaySeconds', 'cannot be given together with at')
  if (at === undefined) return delaySeconds === undefined ? undefined : { delaySeconds }
  if (timeZone === undefined) return { at: toInstant(at, '/at'), timeZone: null }
  const local = parseLocalTime(at, timeZone, disambiguation ?? 'reject')
  switch (local.kind) {
    case 'instant':
      return local
    case 'unknown_zone':
      throw invalid('/timeZone', 'is no name in the time zone database; one is Asia/Kolkata')
    case 'malformed':
      throw invalid(
        '/at',
        'must, with a timeZone, be a date-time without an offset, such as 2030-12-01T09:00:00, in the years 1970 to 9999',
      )
    default: {
      const [earlier, later] = [local.earlier, local.later].map((instant) => formatLocalTime(instant, timeZone))
      const happens = local.kind === 'skipped' ? 'does not exist' : 'comes twice'
      throw invalid(
        '/at',
        `${happens} in ${timeZone}, where the clocks are changed then. Say disambiguation: earlier (${earlier}) or later (${later})`,
      )
    }
  }
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

/** @see https://www.rfc-editor.org/rfc/rfc6901#section-3 */
function headerPointer(name: string): string {
  return `/target/headers/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function toTarget({ url, method = 'POST', headers = {} }: Static<typeof CreateSchedule>['target']): Target {
  const parsed = URL.parse(url)
  if (parsed === null) throw invalid('/target/url', 'is not a URL')
  if (parsed.username !== '' || parsed.password !== '') throw invalid('/target/url', 'must not contain credentials: send them as a header')
  if (url.includes('#')) throw invalid('/target/url', 'must not have a fragment: it is never sent')
  const normalized = new Map<string, string>()
  let bytes = 0
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    if (reservedHeaders.has(lower)) throw invalid(headerPointer(name), 'is set by Punctual, and cannot be set here')
    if (normalized.has(lower)) throw invalid(headerPointer(name), 'is given twice: upper and lower case are the same')
    bytes += name.length + value.length
    normalized.set(lower, value)
  }
  if (bytes > maxHeaderBytes) throw invalid('/target/headers', `are ${bytes} bytes together; at most ${maxHeaderBytes} are taken`)
  return { url, method, headers: Object.fromEntries(normalized) }
}
