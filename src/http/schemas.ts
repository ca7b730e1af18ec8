import { type Static, type TObject, type TObjectOptions, type TProperties, Type } from 'typebox'
import type { ErrorCode } from '../domain/errors.ts'
import { defaultRetryPolicy } from '../domain/retry.ts'
import { methods, statuses } from '../domain/schedule.ts'
import { disambiguations } from '../domain/time.ts'
import { ifExistsChoices } from '../usecases/createSchedule.ts'
import {
  exampleBatch,
  exampleBatchResult,
  exampleChange,
  exampleDelivered,
  exampleList,
  exampleRequests,
  exampleRetry,
  exampleTarget,
  exampleTargetInput,
} from './examples.ts'
import { headerNamePattern, headerValuePattern, namePattern, urlPattern } from './patterns.ts'
import { problems } from './problem.ts'

const closed = { additionalProperties: false } as const

/** A schema that the OpenAPI document has once, under its name. */
export type Named<P extends TProperties> = TObject<P> & { readonly $id: string }

function named<P extends TProperties>($id: string, properties: P, options: TObjectOptions): Named<P> {
  return Object.assign(Type.Object(properties, { ...closed, ...options, $id }), { $id })
}

/** A schema by its name. */
export function ref<P extends TProperties>({ $id }: Named<P>) {
  return Type.Unsafe<Static<TObject<P>>>(Type.Ref($id))
}

/** One of some texts, as JSON Schema says it. */
function oneOf<T extends string>(values: readonly T[], options: object = {}) {
  return Type.Unsafe<T>({ type: 'string', enum: [...values], ...options })
}

const yearsOfSeconds = 253_402_300_799

const retryDescription =
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

const RetryInput = named(
  'RetryInput',
  {
    maxAttempts: Type.Optional(Retry.properties.maxAttempts),
    initialDelaySeconds: Type.Optional(Retry.properties.initialDelaySeconds),
    maxDelaySeconds: Type.Optional(Retry.properties.maxDelaySeconds),
  },
  { description: retryDescription, examples: [exampleRetry] },
)

const url = Type.String({
  maxLength: 2048,
  pattern: urlPattern.pattern,
  description: "Where the call goes. Its origin must be one that the application's configuration allows.",
})

const headers = Type.Unsafe<Record<string, string>>({
  type: 'object',
  maxProperties: 50,
  propertyNames: { type: 'string', maxLength: 128, pattern: headerNamePattern.pattern },
  additionalProperties: { type: 'string', maxLength: 4096, pattern: headerValuePattern.pattern },
  description: "Sent along with the call. Punctual's own headers, and those that frame a message, cannot be set.",
})

const Target = named(
  'Target',
  { url, method: oneOf(methods), headers },
  { description: 'The request that the owning application gets.', examples: [exampleTarget] },
)

const TargetInput = named(
  'TargetInput',
  { url, method: Type.Optional(oneOf(methods, { default: 'POST' })), headers: Type.Optional(headers) },
  { description: 'The request that the owning application is to get.', examples: [exampleTargetInput] },
)

const nameDescription = 'Unique among the unfinished schedules of the application; also the idempotency key.'

const payload = Type.Unknown({
  description: 'Any JSON value up to 256 KiB. The owner gets its bytes as they are written here; null or nothing: an empty body.',
})

/** An instant in an answer: RFC 3339 in UTC, to the millisecond. */
function instant(description: string) {
  return Type.String({ format: 'date-time', description })
}

const at = Type.String({
  maxLength: 64,
  description:
    'The moment, as RFC 3339 with an offset, up to the year 9999; or, with a timeZone, a local time without an offset. Up to 60 s in the past is delivered at once.',
})

const delaySeconds = Type.Number({ minimum: 0, maximum: yearsOfSeconds, description: 'The moment, counted from now.' })

const timeZone = Type.String({
  maxLength: 64,
  description: 'Where at is a local time: the zone by its name in the IANA time zone database, such as Asia/Kolkata.',
})

const disambiguation = oneOf(disambiguations, {
  default: 'reject',
  description: 'With a timeZone: what a local time means that a clock change skips or repeats. By default it is refused.',
})

const expiresAfterSeconds = { minimum: 1, maximum: yearsOfSeconds }
const expiresAfterDescription =
  'No attempt begins so long after the moment, or later: what could not be delivered by then is expired. By default nothing expires.'

export const CreateSchedule = named(
  'CreateSchedule',
  {
    name: Type.Optional(Type.String({ pattern: namePattern.pattern, description: `${nameDescription} Generated when absent.` })),
    at: Type.Optional(at),
    timeZone: Type.Optional(timeZone),
    disambiguation: Type.Optional(disambiguation),
    delaySeconds: Type.Optional(delaySeconds),
    target: ref(TargetInput),
    payload: Type.Optional(payload),
    retry: Type.Optional(ref(RetryInput)),
    expiresAfterSeconds: Type.Optional(Type.Number({ ...expiresAfterSeconds, description: expiresAfterDescription })),
    ifExists: Type.Optional(
      oneOf(ifExistsChoices, {
        default: 'fail',
        description:
          'What to do about an unfinished schedule of this name. fail: 409. replace: the newest wins, under a new id. keep: answer with the one there is.',
      }),
    ),
  },
  {
    description: 'Exactly one of at and delaySeconds.',
    oneOf: [{ required: ['at'] }, { required: ['delaySeconds'] }],
    examples: exampleRequests,
  },
)

export const ChangeSchedule = named(
  'ChangeSchedule',
  {
    at: Type.Optional(at),
    timeZone: Type.Optional(timeZone),
    disambiguation: Type.Optional(disambiguation),
    delaySeconds: Type.Optional(delaySeconds),
    target: Type.Optional(ref(TargetInput)),
    payload: Type.Optional(payload),
    retry: Type.Optional(ref(RetryInput)),
    expiresAfterSeconds: Type.Optional(
      Type.Unsafe<number | null>({
        type: ['number', 'null'],
        ...expiresAfterSeconds,
        description: `${expiresAfterDescription} null: it does not expire any more. Left out: as long after the new moment as after the old one.`,
      }),
    ),
  },
  {
    description:
      'What to change; at most one of at and delaySeconds. Each field that is given takes the place of the earlier one as a whole.',
    minProperties: 1,
    examples: [exampleChange],
  },
)

/** How many schedules one request may create. */
const maxBatchItems = 1000

export const CreateBatch = named(
  'CreateBatch',
  { items: Type.Array(ref(CreateSchedule), { minItems: 1, maxItems: maxBatchItems, description: 'As in POST /schedules.' }) },
  { examples: [exampleBatch] },
)

/** What is checked of a batch as a whole: each of its items is judged by itself, so that a bad one spoils no other. */
export const BatchEnvelope = Type.Object(
  { items: Type.Array(Type.Unknown(), { minItems: 1, maxItems: maxBatchItems }) },
  { ...closed, $id: 'BatchEnvelope' },
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

export const ListQuery = Type.Object(
  {
    status: Type.Optional(oneOf(statuses, { description: 'Only those in this status.' })),
    from: Type.Optional(Type.String({ maxLength: 64, description: 'Only those with this `at` or a later one (RFC 3339 with an offset).' })),
    to: Type.Optional(Type.String({ maxLength: 64, description: 'Only those with an `at` before this one (RFC 3339 with an offset).' })),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'How many at most; large payloads make a page shorter.' }),
    ),
    namePrefix: Type.Optional(
      Type.String({
        pattern: namePattern.pattern,
        description: 'Only those whose name begins with this; such a list is in the order of names.',
      }),
    ),
    cursor: Type.Optional(Type.String({ maxLength: 512, description: 'The nextCursor of the page before.' })),
  },
  closed,
)

export const CancelQuery = Type.Object(
  { namePrefix: Type.String({ pattern: namePattern.pattern, description: 'All whose name begins with this.' }) },
  closed,
)

export const Canceled = named(
  'Canceled',
  {
    canceled: Type.Integer({ minimum: 0, description: 'How many were scheduled, and are canceled now.' }),
    skipped: Type.Integer({ minimum: 0, description: 'How many were not scheduled: being delivered, or finished.' }),
  },
  { examples: [{ canceled: 3, skipped: 1 }] },
)

export const NamePath = Type.Object({ name: Type.String({ description: "The schedule's name.", examples: ['post-42'] }) })

/** Other headers are nobody's business here. */
export const IfMatch = Type.Object({
  'if-match': Type.Optional(Type.String({ description: 'The etag of what is to be changed: if it is another by now, nothing is.' })),
})

export const IfNoneMatch = Type.Object({
  'if-none-match': Type.Optional(Type.String({ description: 'The etag of what the caller has: if it is still that, the answer is 304.' })),
})

/** @see https://www.rfc-editor.org/rfc/rfc7240#section-4.2 */
export const Prefer = Type.Object({
  prefer: Type.Optional(
    Type.String({ description: 'return=minimal: of each schedule only its name and id are answered, which is several times less.' }),
  ),
})

export const CallbackPath = Type.Object({
  application: Type.String({ examples: ['blog'] }),
  name: Type.String({ description: "The schedule's name.", examples: ['post-42'] }),
})

export const WakeUp = named(
  'WakeUp',
  { id: Type.String({ minLength: 1, maxLength: 64, description: 'The incarnation of the name that is to be looked at.' }) },
  { examples: [{ id: exampleDelivered.id }] },
)

export const WakeUpTaken = named(
  'WakeUpTaken',
  { result: oneOf(['taken', 'finished', 'replaced', 'being_delivered', 'too_early']) },
  { examples: [{ result: 'taken' }] },
)

export const Health = named('Health', { status: oneOf(['ok']) }, { examples: [{ status: 'ok' }] })

export const Problem = named(
  'Problem',
  {
    type: Type.String({ format: 'uri-reference' }),
    title: Type.String(),
    status: Type.Integer(),
    code: oneOf(Object.keys(problems) as ErrorCode[], { description: 'Stable: what programs go by.' }),
    detail: Type.String({ description: 'For people: what to change.' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          { pointer: Type.String({ description: 'A JSON pointer (RFC 6901) to the field or query parameter.' }), message: Type.String() },
          closed,
        ),
      ),
    ),
  },
  { description: 'RFC 9457 problem details.' },
)

const BatchItemResult = named(
  'BatchItemResult',
  {
    status: Type.Integer({ description: 'The status that POST /schedules would have answered with.' }),
    schedule: Type.Optional(ref(Schedule)),
    problem: Type.Optional(ref(Problem)),
    name: Type.Optional(Type.String({ description: 'With Prefer: return=minimal, in the place of the schedule.' })),
    id: Type.Optional(Type.String({ description: 'With Prefer: return=minimal, in the place of the schedule.' })),
  },
  { description: 'Either the schedule, or what is wrong with the item.' },
)

export const BatchResult = named(
  'BatchResult',
  { results: Type.Array(ref(BatchItemResult), { description: 'One for each item, in their order.' }) },
  { examples: [exampleBatchResult] },
)

/** All that have a name of their own in the OpenAPI document. */
export const namedSchemas = [
  Retry,
  RetryInput,
  Target,
  TargetInput,
  CreateSchedule,
  ChangeSchedule,
  CreateBatch,
  Attempt,
  Schedule,
  ScheduleList,
  Canceled,
  WakeUp,
  WakeUpTaken,
  Health,
  Problem,
  BatchItemResult,
  BatchResult,
]
