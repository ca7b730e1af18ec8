import { readJsonFile } from './jsonFile.ts'

/** The environment variables that the stack's outputs fill, by the outputs' names. */
const outputs = {
  TableName: 'TABLE_NAME',
  ScheduleGroupName: 'SCHEDULE_GROUP_NAME',
  LambdaArn: 'LAMBDA_ARN',
  SchedulerRoleArn: 'SCHEDULER_ROLE_ARN',
  DeadLetterQueueArn: 'DEAD_LETTER_QUEUE_ARN',
} as const

type Variable = (typeof outputs)[keyof typeof outputs]

/** What the AWS engine is told from outside. */
export interface AwsSettings {
  readonly tableName: string
  readonly scheduleGroupName: string
  readonly lambdaArn: string
  readonly schedulerRoleArn: string
  readonly deadLetterQueueArn: string
  /** Without a slash at its end. */
  readonly publicUrl: string
  readonly callbackSecret: string
  readonly wakeLeadMs: number
}

export type AwsEnvironment = Partial<Record<Variable, string>> & {
  readonly AWS_OUTPUTS_FILE?: string
  readonly PUBLIC_URL?: string
  readonly CALLBACK_SECRET?: string
  readonly WAKE_LEAD_SECONDS: number
}

const minSecretBytes = 32

/** Reads what `ENGINE=aws` needs; what is wrong or missing is added to `problems`. */
export function readAwsSettings(environment: AwsEnvironment, problems: string[]): AwsSettings {
  const file = environment.AWS_OUTPUTS_FILE
  const found: Outputs = file === undefined ? {} : readOutputs(file, problems)
  const read = (variable: Variable): string => {
    const value = environment[variable] ?? found[variable]
    if (value !== undefined) return value
    problems.push(
      `${variable} is needed with ENGINE=aws: set it, or name the file that "cdk deploy --outputs-file" wrote in AWS_OUTPUTS_FILE.`,
    )
    return ''
  }
  return {
    tableName: read('TABLE_NAME'),
    scheduleGroupName: read('SCHEDULE_GROUP_NAME'),
    lambdaArn: readArn('LAMBDA_ARN', 'lambda'),
    schedulerRoleArn: readArn('SCHEDULER_ROLE_ARN', 'iam'),
    deadLetterQueueArn: readArn('DEAD_LETTER_QUEUE_ARN', 'sqs'),
    publicUrl: readPublicUrl(environment.PUBLIC_URL, found.PublicUrl, problems),
    callbackSecret: readSecret(environment.CALLBACK_SECRET, problems),
    wakeLeadMs: environment.WAKE_LEAD_SECONDS * 1000,
  }

  function readArn(variable: Variable, service: string): string {
    const arn = read(variable)
    if (arn !== '' && !new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:\\d{12}:\\S+$`).test(arn))
      problems.push(`${variable} is ${JSON.stringify(arn)}, which is no ARN of ${service}.`)
    return arn
  }
}

/** What the file says of the variables, and what the function was deployed for. */
type Outputs = Partial<Record<Variable | 'PublicUrl', string>>

/** The file is `{ "<stack>": { "<output>": "<value>" } }`; other stacks may be in it, too. */
function readOutputs(file: string, problems: string[]): Outputs {
  const content = readJsonFile('AWS_OUTPUTS_FILE', file, problems)
  if (content === undefined) return {}
  const stacks = Object.values(content ?? {}).filter((stack: unknown) => typeof stack === 'object' && stack !== null)
  const ours = (stacks as Record<string, unknown>[]).filter((stack) =>
    Object.keys(outputs).every((name) => typeof stack[name] === 'string'),
  )
  const [stack] = ours
  if (stack === undefined || ours.length > 1) {
    const names = Object.keys(outputs).join(', ')
    problems.push(`AWS_OUTPUTS_FILE ${file}: ${ours.length === 0 ? 'no' : 'more than one'} stack in it has the outputs ${names}.`)
    return {}
  }
  const variables: Outputs = Object.fromEntries(Object.entries(outputs).map(([name, variable]) => [variable, String(stack[name])]))
  return typeof stack.PublicUrl === 'string' ? { ...variables, PublicUrl: stack.PublicUrl } : variables
}

/** @param deployed what the function was deployed for, where that is known */
function readPublicUrl(text: string | undefined, deployed: string | undefined, problems: string[]): string {
  if (text === undefined) {
    problems.push(
      'PUBLIC_URL is needed with ENGINE=aws: how the Lambda function reaches this service, such as "https://punctual.example.com".',
    )
    return ''
  }
  const url = URL.parse(text)
  const isPlain = url !== null && url.username === '' && url.password === '' && !/[?#]/.test(text)
  if (url === null || !isPlain || !['http:', 'https:'].includes(url.protocol)) {
    problems.push(`PUBLIC_URL must be an http(s) URL without credentials, query and fragment, but it is ${JSON.stringify(text)}.`)
    return ''
  }
  if (deployed !== undefined && URL.parse(deployed)?.origin !== url.origin) {
    problems.push(
      `PUBLIC_URL is ${text}, but the function was deployed for ${deployed} and calls nobody else. Deploy the stack for this one.`,
    )
  }
  return url.href.replace(/\/+$/, '')
}

function readSecret(secret: string | undefined, problems: string[]): string {
  // The secret itself is not repeated.
  if (secret === undefined) problems.push('CALLBACK_SECRET is needed with ENGINE=aws. Make one with "openssl rand -base64 32".')
  else if (Buffer.byteLength(secret) < minSecretBytes) {
    problems.push(`CALLBACK_SECRET has ${Buffer.byteLength(secret)} bytes; it needs ${minSecretBytes} at least.`)
  }
  return secret ?? ''
}
