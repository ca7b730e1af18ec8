import { resolve } from 'node:path'
import { Ajv } from 'ajv'
import { envSchema } from 'env-schema'
import { readApplicationsFile } from './config/applicationsFile.ts'
import { type AwsEnvironment, type AwsSettings, readAwsSettings } from './config/awsSettings.ts'
import { describe, type SchemaError } from './config/schemaErrors.ts'
import { isLoopback } from './delivery/allowedTarget.ts'
import type { Application } from './domain/application.ts'
import { StartRefused } from './domain/errors.ts'

/** Everything that the service is told from outside, read once. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly logLevel: string
  readonly engine: EngineConfig
  readonly retentionMs: number
  /** `manual`: it stands still until it is turned, for tests. */
  readonly clock: 'system' | 'manual'
  /** Undefined: development mode. */
  readonly applications: readonly Application[] | undefined
  /** Where those come from. */
  readonly applicationsFile: string | undefined
}

export type EngineConfig =
  | { readonly kind: 'embedded'; readonly dataDir: string }
  | { readonly kind: 'aws'; readonly settings: AwsSettings }

interface Environment extends AwsEnvironment {
  readonly HOST: string
  readonly PORT: number
  readonly LOG_LEVEL: string
  readonly ENGINE: 'embedded' | 'aws'
  readonly DATA_DIR: string
  readonly APPLICATIONS_FILE?: string
  readonly RETENTION_DAYS: number
  readonly CLOCK: 'system' | 'manual'
}

const text = { type: 'string', minLength: 1 }

const environmentSchema = {
  type: 'object',
  properties: {
    HOST: { ...text, default: '127.0.0.1' },
    PORT: { type: 'integer', minimum: 0, maximum: 65_535, default: 8080 },
    LOG_LEVEL: { type: 'string', enum: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], default: 'info' },
    ENGINE: { type: 'string', enum: ['embedded', 'aws'], default: 'embedded' },
    DATA_DIR: { ...text, default: './data' },
    APPLICATIONS_FILE: text,
    RETENTION_DAYS: { type: 'integer', minimum: 1, maximum: 3650, default: 30 },
    CLOCK: { type: 'string', enum: ['system', 'manual'], default: 'system' },
    PUBLIC_URL: text,
    CALLBACK_SECRET: text,
    AWS_OUTPUTS_FILE: text,
    TABLE_NAME: text,
    SCHEDULE_GROUP_NAME: text,
    LAMBDA_ARN: text,
    SCHEDULER_ROLE_ARN: text,
    DEAD_LETTER_QUEUE_ARN: text,
    // With a longer one a wake-up could come too early to be held.
    WAKE_LEAD_SECONDS: { type: 'integer', minimum: 1, maximum: 90, default: 75 },
  },
}

/**
 * Reads the configuration from environment variables and the files that they name.
 *
 * @throws StartRefused with all of the problems, one a line, naming the variable or the place in the file
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = []
  const environment = readEnvironment(env, problems)
  const file = environment.APPLICATIONS_FILE
  const applications = file === undefined ? undefined : readApplicationsFile(file, problems)
  const engine: EngineConfig =
    environment.ENGINE === 'aws'
      ? { kind: 'aws', settings: readAwsSettings(environment, problems) }
      : { kind: 'embedded', dataDir: resolve(environment.DATA_DIR) }
  if (file === undefined) problems.push(...developmentProblems(environment))
  if (environment.CLOCK === 'manual') problems.push(...manualClockProblems(environment))
  if (problems.length > 0) throw new StartRefused(problems.join('\n'))
  return {
    host: environment.HOST,
    port: environment.PORT,
    logLevel: environment.LOG_LEVEL,
    engine,
    retentionMs: environment.RETENTION_DAYS * 24 * 3600_000,
    clock: environment.CLOCK,
    applications,
    applicationsFile: file,
  }
}

/** What does not go with development mode. */
function developmentProblems({ HOST, ENGINE }: Environment): string[] {
  if (ENGINE === 'aws') return ['APPLICATIONS_FILE is needed with ENGINE=aws, which has no development mode.']
  if (isLocal(HOST)) return []
  return [
    `HOST is ${HOST}, but there is no APPLICATIONS_FILE. Without one this is development mode, where no key is asked for: ` +
      'it listens on 127.0.0.1, ::1 or localhost only. Name an applications file to be reached from elsewhere.',
  ]
}

/** Whoever can reach the service can turn its clock. */
function manualClockProblems({ HOST, ENGINE }: Environment): string[] {
  const use = 'CLOCK=manual is for tests of what calls the service, and'
  return [
    ...(ENGINE === 'aws' ? [`${use} goes with ENGINE=embedded only: EventBridge has a clock of its own.`] : []),
    ...(isLocal(HOST) ? [] : [`${use} listens on 127.0.0.1, ::1 or localhost only; HOST is ${HOST}.`]),
  ]
}

function isLocal(host: string): boolean {
  return isLoopback(host === '::1' ? '[::1]' : host)
}

function readEnvironment(env: NodeJS.ProcessEnv, problems: string[]): Environment {
  // A variable that is set to nothing is not set: compose files write them that way.
  const data = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  try {
    return parseEnvironment(data)
  } catch (error) {
    for (const problem of (error as { errors?: readonly SchemaError[] }).errors ?? []) {
      const variable = problem.instancePath.slice(1)
      problems.push(`${variable} ${describe(problem)}, but it is ${JSON.stringify(env[variable])}.`)
    }
    if (problems.length === 0) throw error
    const broken = new Set(problems.map((problem) => problem.split(' ')[0]))
    const rest = Object.fromEntries(Object.entries(data).filter(([variable]) => !broken.has(variable)))
    return parseEnvironment(rest)
  }
}

function parseEnvironment(data: Record<string, string | undefined>): Environment {
  // Strict about numbers: "Infinity" is none.
  const ajv = new Ajv({ allErrors: true, coerceTypes: true, useDefaults: true, removeAdditional: true, strictNumbers: true, strict: false })
  return envSchema<Environment>({ schema: environmentSchema, data, env: false, dotenv: false, ajv })
}
