import { Ajv } from 'ajv'
import type { Schedule } from '../domain/schedule.ts'
import { methods, statuses } from '../domain/schedule.ts'
import { isTimeZone } from '../domain/time.ts'

/** The first line of an export: what the others are. */
export const header = { format: 'punctual-schedules', version: 1 } as const

const text = { type: 'string' }
const name = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$' }
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
  application: name,
  name,
  id: { type: 'string', pattern: '^[0-9a-f-]{36}$' },
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

/** One line, for everybody: some take these two characters for the end of one. */
export function formatRecord(schedule: Schedule): string {
  return JSON.stringify(schedule).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

/**
 * A line of an export as the record that it is.
 *
 * @throws Error that says what is wrong with it, without repeating it
 */
export function parseRecord(line: string): Schedule {
  const record = parseJson(line)
  if (validate(record)) {
    if (record.timeZone !== null && !isTimeZone(record.timeZone)) throw new Error('its timeZone is none that this machine knows')
    return record
  }
  const [problem] = validate.errors ?? []
  throw new Error(`it is no schedule: ${problem?.instancePath || 'it'} ${problem?.message}`)
}

/** @throws Error where these are not the schedules that this version can read */
export function checkHeader(line: string | undefined): void {
  const found = parseJson(line ?? '') as Partial<Record<keyof typeof header, unknown>> | null
  if (found?.format !== header.format) throw new Error('it is no export of Punctual')
  if (found.version !== header.version) throw new Error(`it is of version ${String(found.version)}, and this one reads ${header.version}`)
}

/** The last line: without it, or with another number, some of it is missing. */
export function formatEnd(schedules: number): string {
  return JSON.stringify({ schedules })
}

/** How many there are to be, where this is the last line. */
export function parseEnd(line: string): number | undefined {
  const match = /^\{"schedules":(\d+)\}$/.exec(line)
  return match === null ? undefined : Number(match[1])
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('it is not JSON')
  }
}
