import { Type } from 'typebox'
import { methods } from '../../domain/schedule.ts'
import { disambiguations } from '../../domain/time.ts'
import { ifExistsChoices } from '../../usecases/createSchedule.ts'
import { exampleBatch, exampleChanges, exampleRequests, exampleRetry, exampleTargetInput } from '../examples.ts'
import { namePattern } from '../patterns.ts'
import { closed, named, oneOf, ref } from './named.ts'
import { headers, nameDescription, payload, Retry, retryDescription, url } from './schedule.ts'

export const RetryInput = named(
  'RetryInput',
  {
    maxAttempts: Type.Optional(Retry.properties.maxAttempts),
    initialDelaySeconds: Type.Optional(Retry.properties.initialDelaySeconds),
    maxDelaySeconds: Type.Optional(Retry.properties.maxDelaySeconds),
  },
  { description: retryDescription, examples: [exampleRetry] },
)

export const TargetInput = named(
  'TargetInput',
  { url, method: Type.Optional(oneOf(methods, { default: 'POST' })), headers: Type.Optional(headers) },
  { description: 'The request that the owning application is to get.', examples: [exampleTargetInput] },
)

const yearsOfSeconds = 253_402_300_799

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

// For readers of the document: what breaks it is refused in request.ts, in better words.
const dependentRequired = { timeZone: ['at'], disambiguation: ['timeZone'] }

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
    dependentRequired,
    oneOf: [
      { title: 'At a moment', required: ['at'] },
      { title: 'After a delay', required: ['delaySeconds'] },
    ],
    examples: Object.values(exampleRequests),
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
    dependentRequired,
    examples: Object.values(exampleChanges),
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
