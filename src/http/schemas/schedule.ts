import { Type } from 'typebox'
import { defaultRetryPolicy } from '../../domain/retry.ts'
import { methods, statuses } from '../../domain/schedule.ts'
import { exampleDelivered, exampleList, exampleRetry, exampleTarget } from '../examples.ts'
import { headerNamePattern, headerValuePattern, namePattern, urlPattern } from '../patterns.ts'
import { instant, named, oneOf, ref } from './named.ts'

export const nameDescription = 'Unique among the unfinished schedules of the application; also the idempotency key.'

export const payload = Type.Unknown({
  description: 'Any JSON value up to 256 KiB. The owner gets its bytes as they are written here; null or nothing: an empty body.',
})

export const retryDescription =
  'After the n-th attempt without success the next one comes after min(initialDelaySeconds × 2^(n−1), maxDelaySeconds), ±20 %, and no sooner than a Retry-After asks for.'

export const Retry = named(
  'Retry',
  {
    maxAttempts: Type.Integer({ minimum: 1, maximum: 100, default: defaultRetryPolicy.maxAttempts }),
    initialDelaySeconds: Type.Number({ minimum: 0, maximum: 86_400, default: defaultRetryPolicy.initialDelaySeconds }),
    maxDelaySeconds: Type.Number({ minimum: 0, maximum: 604_800, default: defaultRetryPolicy.maxDelaySeconds }),
  },
  { description: retryDescription, examples: [exampleRetry] },
)

export const url = Type.String({
  maxLength: 2048,
  pattern: urlPattern.pattern,
  description: "Where the call goes. Its origin must be one that the application's configuration allows.",
})

export const headers = Type.Unsafe<Record<string, string>>({
  type: 'object',
  maxProperties: 50,
  propertyNames: { type: 'string', maxLength: 128, pattern: headerNamePattern.pattern },
  additionalProperties: { type: 'string', maxLength: 4096, pattern: headerValuePattern.pattern },
  description: "Sent along with the call. Punctual's own headers, and those that frame a message, cannot be set.",
})

export const Target = named(
  'Target',
  { url, method: oneOf(methods), headers },
  { description: 'The request that the owning application gets.', examples: [exampleTarget] },
)

export const Attempt = named(
  'Attempt',
  {
    number: Type.Integer({ minimum: 1 }),
    dueAt: instant('When it should have started.'),
    startedAt: instant('When it did.'),
    latenessMs: Type.Integer({ minimum: 0, description: 'startedAt − dueAt.' }),
    durationMs: Type.Integer({ minimum: 0 }),
    outcome: oneOf(['delivered', 'retry', 'failed', 'interrupted'], {
      description: 'interrupted: its process died, so that nobody knows; it is made again, and does not count against the retry policy.',
    }),
    statusCode: Type.Optional(Type.Integer()),
    error: Type.Optional(Type.String()),
    responseBody: Type.Optional(Type.String({ description: 'The first 1 KiB of the answer.' })),
  },
  {},
)

export const Schedule = named(
  'Schedule',
  {
    name: Type.String({ pattern: namePattern.pattern, description: nameDescription }),
    id: Type.String({
      format: 'uuid',
      description: 'One incarnation of the name. The owner gets it as webhook-id, the same on every attempt.',
    }),
    application: Type.String(),
    status: oneOf(statuses),
    at: instant('The moment asked for.'),
    timeZone: Type.Optional(Type.String({ description: 'Where it was asked for as a local time: the zone.' })),
    localTime: Type.Optional(instant("The moment as that zone's clocks show it, with their offset then.")),
    target: ref(Target),
    payload: Type.Optional(payload),
    retry: ref(Retry),
    expiresAt: Type.Optional(instant('No attempt begins then or later.')),
    nextAttemptAt: Type.Optional(instant('While scheduled: the moment of the next attempt.')),
    createdAt: instant('When the request came.'),
    updatedAt: instant('When it last changed.'),
    finishedAt: Type.Optional(instant('When it was delivered, failed, was canceled or expired.')),
    attempts: Type.Array(ref(Attempt), { maxItems: 20, description: 'The last 20 that have ended, oldest first.' }),
  },
  { examples: [exampleDelivered] },
)

export const ScheduleList = named(
  'ScheduleList',
  {
    items: Type.Array(ref(Schedule)),
    nextCursor: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'Give it as cursor to get the next page; null on the last one.',
    }),
  },
  { examples: [exampleList] },
)
