/**
 * What the tests' own Scheduler holds its callers to: the part of the EventBridge Scheduler API that Punctual uses, as
 * AWS's service model 2021-06-30 has it. `compareModel.ts` compares the two.
 */
export interface Constraint {
  readonly required?: true
  readonly length?: readonly [min: number, max: number]
  readonly range?: readonly [min: number, max: number]
  readonly pattern?: string
  readonly values?: readonly string[]
  /** The structure that is nested here. */
  readonly structure?: string
}

const name: Constraint = { length: [1, 64], pattern: '^[0-9a-zA-Z-_.]+$' }
const clientToken: Constraint = { length: [1, 64], pattern: '^[a-zA-Z0-9-_]+$' }
const unbounded = Number.POSITIVE_INFINITY

export const structures = {
  CreateScheduleInput: {
    Name: { required: true, ...name },
    GroupName: name,
    ScheduleExpression: { required: true, length: [1, 256] },
    ScheduleExpressionTimezone: { length: [1, 50] },
    FlexibleTimeWindow: { required: true, structure: 'FlexibleTimeWindow' },
    Target: { required: true, structure: 'Target' },
    ClientToken: clientToken,
    ActionAfterCompletion: { values: ['NONE', 'DELETE'] },
  },
  GetScheduleInput: { Name: { required: true, ...name }, GroupName: name },
  DeleteScheduleInput: { Name: { required: true, ...name }, GroupName: name, ClientToken: clientToken },
  FlexibleTimeWindow: { Mode: { required: true, values: ['OFF', 'FLEXIBLE'] }, MaximumWindowInMinutes: { range: [1, 1440] } },
  Target: {
    Arn: { required: true, length: [1, 1600] },
    RoleArn: { required: true, length: [1, 1600], pattern: '^arn:aws(-[a-z]+)?:iam::\\d{12}:role\\/[\\w+=,.@\\/-]+$' },
    Input: { length: [1, unbounded] },
    DeadLetterConfig: { structure: 'DeadLetterConfig' },
    RetryPolicy: { structure: 'RetryPolicy' },
  },
  DeadLetterConfig: { Arn: { length: [1, 1600] } },
  RetryPolicy: { MaximumEventAgeInSeconds: { range: [60, 86_400] }, MaximumRetryAttempts: { range: [0, 185] } },
} as const satisfies Record<string, Record<string, Constraint>>

export const operations = {
  CreateSchedule: { method: 'POST', uri: '/schedules/{Name}', input: 'CreateScheduleInput', body: true },
  GetSchedule: { method: 'GET', uri: '/schedules/{Name}', input: 'GetScheduleInput', body: false },
  DeleteSchedule: { method: 'DELETE', uri: '/schedules/{Name}', input: 'DeleteScheduleInput', body: false },
} as const

/** Which operation can give which error, with its HTTP status. */
export const errors = {
  ConflictException: { status: 409, of: ['CreateSchedule', 'DeleteSchedule'] },
  InternalServerException: { status: 500, of: ['CreateSchedule', 'GetSchedule', 'DeleteSchedule'] },
  ResourceNotFoundException: { status: 404, of: ['CreateSchedule', 'GetSchedule', 'DeleteSchedule'] },
  ServiceQuotaExceededException: { status: 402, of: ['CreateSchedule'] },
  ThrottlingException: { status: 429, of: ['CreateSchedule', 'GetSchedule', 'DeleteSchedule'] },
  ValidationException: { status: 400, of: ['CreateSchedule', 'GetSchedule', 'DeleteSchedule'] },
} as const satisfies Record<string, { readonly status: number; readonly of: readonly (keyof typeof operations)[] }>

/** The problems of an input; none where it is as the model wants it. Members that the table lacks are a problem, too. */
export function problemsOf(structure: keyof typeof structures, input: object, path = ''): string[] {
  const constraints: Readonly<Record<string, Constraint>> = structures[structure]
  const members: Readonly<Record<string, unknown>> = { ...input }
  const missing = Object.entries(constraints).filter(([name, { required }]) => required === true && members[name] === undefined)
  return [
    ...missing.map(([name]) => `${path}${name} is required`),
    ...Object.entries(members).flatMap(([name, value]) => {
      const constraint = constraints[name]
      if (constraint === undefined) return [`${path}${name} is not in the table`]
      return value === undefined ? [] : problemsOfValue(constraint, value, path + name)
    }),
  ]
}

function problemsOfValue({ length, range, pattern, values, structure }: Constraint, value: unknown, path: string): string[] {
  if (structure !== undefined)
    return typeof value === 'object' && value !== null
      ? problemsOf(structure as keyof typeof structures, value, `${path}.`)
      : [`${path} is no structure`]
  if (range !== undefined) return typeof value === 'number' && value >= range[0] && value <= range[1] ? [] : [`${path} is out of range`]
  if (typeof value !== 'string') return [`${path} is no text`]
  if (length !== undefined && (value.length < length[0] || value.length > length[1])) return [`${path} is of a wrong length`]
  if (pattern !== undefined && !new RegExp(pattern).test(value)) return [`${path} does not match ${pattern}`]
  return values === undefined || values.includes(value) ? [] : [`${path} is none of ${values.join(', ')}`]
}
