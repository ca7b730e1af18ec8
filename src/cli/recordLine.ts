import { Ajv } from 'ajv'
import type { Schedule } from '../domain/schedule.ts'
import { methods, statuses } from '../domain/schedule.ts'

/** The first line of an export: what the others are. */
export const header = { format: 'punctual-schedules', version: 1 } as const

const text = { type: 'string' }
const count = { type: 'integer', minimum: 0 }
const orNull = (schema: { readonly type: string }): object => ({ ...schema, type: [schema.type, 'null'] })

function closed(properties: Readonly<Record<string, object>>, optional: readonly string[] = []): object {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', additionalProperties: false, required, properties }
}

const attempt = closed(
  {
    number: count,
    dueAt: count,
    startedAt: count,
    durationMs: count,
    outcome: { enum: ['delivered', 'retry', 'failed', 'interrupted'] },
    statusCode: count,
    error: text,
    responseBody: text,
  },
  ['statusCode', 'error', 'responseBody'],
)

const schema = closed({
  application: text,
  name: text,
  id: text,
  version: count,
  status: { enum: statuses },
  at: count,
  timeZone: orNull(text),
  expiresAt: orNull(count),
  dueAt: orNull(count),
  arming: count,
  content: closed({
    target: closed({ url: text, method: { enum: methods }, headers: { type: 'object', additionalProperties: text } }),
    payload: orNull(text),
    retry: closed({ maxAttempts: count, initialDelaySeconds: { type: 'number' }, maxDelaySeconds: { type: 'number' } }),
    traceparent: orNull(text),
  }),
  requestDigest: text,
  delivery: { ...closed({ number: count, dueAt: count, claimedAt: count }), type: ['object', 'null'] },
  attemptCount: count,
  tries: count,
  attempts: { type: 'array', items: attempt },
  createdAt: count,
  updatedAt: count,
  finishedAt: orNull(count),
  removeAt: orNull(count),
})

const validate = new Ajv({ allowUnionTypes: true }).compile<Schedule>(schema)

export function formatRecord(schedule: Schedule): string {
  return JSON.stringify(schedule)
}

/**
 * A line of an export as the record that it is.
 *
 * @throws Error that says what is wrong with it, without repeating it
 */
export function parseRecord(line: string): Schedule {
  const record = parseJson(line)
  if (validate(record)) return record
  const [problem] = validate.errors ?? []
  throw new Error(`it is no schedule: ${problem?.instancePath || 'it'} ${problem?.message}`)
}

/** @throws Error where these are not the schedules that this version can read */
export function checkHeader(line: string | undefined): void {
  const found = parseJson(line ?? '') as Partial<Record<keyof typeof header, unknown>> | null
  if (found?.format !== header.format) throw new Error('it is no export of Punctual')
  if (found.version !== header.version) throw new Error(`it is of version ${String(found.version)}, and this one reads ${header.version}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('it is not JSON')
  }
}
