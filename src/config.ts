import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Ajv } from 'ajv'
import { envSchema } from 'env-schema'
import { isLoopback, isOrigin } from './delivery/allowedTarget.ts'
import { isSigningSecret } from './delivery/signature.ts'
import type { Application } from './domain/application.ts'
import { StartRefused } from './domain/errors.ts'

/** Everything that the service is told from outside, read once. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly logLevel: string
  readonly dataDir: string
  readonly retentionMs: number
  /** Undefined: development mode. */
  readonly applications: readonly Application[] | undefined
}

interface Environment {
  readonly HOST: string
  readonly PORT: number
  readonly LOG_LEVEL: string
  readonly DATA_DIR: string
  readonly APPLICATIONS_FILE?: string
  readonly RETENTION_DAYS: number
}

const environmentSchema = {
  type: 'object',
  properties: {
    HOST: { type: 'string', minLength: 1, default: '127.0.0.1' },
    PORT: { type: 'integer', minimum: 0, maximum: 65_535, default: 8080 },
    LOG_LEVEL: { type: 'string', enum: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], default: 'info' },
    ENGINE: { type: 'string', enum: ['embedded'], default: 'embedded' },
    DATA_DIR: { type: 'string', minLength: 1, default: './data' },
    APPLICATIONS_FILE: { type: 'string', minLength: 1 },
    RETENTION_DAYS: { type: 'integer', minimum: 1, maximum: 3650, default: 30 },
  },
}

const applicationsSchema = {
  type: 'object',
  required: ['applications'],
  additionalProperties: false,
  properties: {
    applications: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$' },
      additionalProperties: {
        type: 'object',
        required: ['apiKeyHashes', 'allowedOrigins', 'signingSecrets'],
        additionalProperties: false,
        properties: {
          apiKeyHashes: { type: 'array', minItems: 1, maxItems: 2, items: { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' } },
          allowedOrigins: { type: 'array', minItems: 1, items: { type: 'string' } },
          signingSecrets: { type: 'array', minItems: 1, maxItems: 4, items: { type: 'string' } },
          maxConcurrentDeliveries: { type: 'integer', minimum: 1, maximum: 10_000 },
        },
      },
    },
  },
} as const

interface ApplicationsFile {
  readonly applications: Readonly<
    Record<
      string,
      Omit<Application, 'name' | 'maxConcurrentDeliveries'> & {
        readonly maxConcurrentDeliveries?: number
        readonly allowedOrigins: readonly string[]
      }
    >
  >
}

export const defaultMaxConcurrentDeliveries = 64

/**
 * Reads the configuration from environment variables and the applications file.
 *
 * @throws StartRefused with all of the problems, one a line, naming the variable or the place in the file
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = []
  const environment = readEnvironment(env, problems)
  const applications = environment.APPLICATIONS_FILE === undefined ? undefined : readApplications(environment.APPLICATIONS_FILE, problems)
  if (environment.APPLICATIONS_FILE === undefined && !isLoopback(environment.HOST === '::1' ? '[::1]' : environment.HOST)) {
    problems.push(
      `HOST is ${environment.HOST}, but there is no APPLICATIONS_FILE. Without one this is development mode, where no key is asked for: ` +
        'it listens on 127.0.0.1, ::1 or localhost only. Name an applications file to be reached from elsewhere.',
    )
  }
  if (problems.length > 0) throw new StartRefused(problems.join('\n'))
  return {
    host: environment.HOST,
    port: environment.PORT,
    logLevel: environment.LOG_LEVEL,
    dataDir: resolve(environment.DATA_DIR),
    retentionMs: environment.RETENTION_DAYS * 24 * 3600_000,
    applications,
  }
}

interface SchemaError {
  readonly instancePath: string
  readonly message?: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
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

function readApplications(file: string, problems: string[]): readonly Application[] {
  const content = parseFile(file, problems)
  if (content === undefined) return []
  const ajv = new Ajv({ allErrors: true, strict: false })
  const validate = ajv.compile<ApplicationsFile>(applicationsSchema)
  if (!validate(content)) {
    for (const problem of validate.errors ?? []) {
      if (problem.keyword !== 'propertyNames')
        problems.push(`APPLICATIONS_FILE ${file}: ${problem.instancePath || 'the file'} ${describe(problem)}.`)
    }
    return []
  }
  const applications = Object.entries(content.applications).map(
    ([name, fields]): Application => ({
      name,
      apiKeyHashes: fields.apiKeyHashes.map((digest) => digest.slice('sha256:'.length)),
      allowedOrigins: fields.allowedOrigins,
      signingSecrets: fields.signingSecrets,
      maxConcurrentDeliveries: fields.maxConcurrentDeliveries ?? defaultMaxConcurrentDeliveries,
    }),
  )
  problems.push(...applicationProblems(applications).map((problem) => `APPLICATIONS_FILE ${file}: ${problem}`))
  return applications
}

function parseFile(file: string, problems: string[]): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    // JSON.parse quotes the text around the mistake, which may be a secret.
    const reason = error instanceof SyntaxError ? 'it is not JSON' : error instanceof Error ? error.message : String(error)
    problems.push(`APPLICATIONS_FILE ${file} cannot be read: ${reason}.`)
    return undefined
  }
}

/** What a schema cannot see. Secrets are not repeated. */
function applicationProblems(applications: readonly Application[]): string[] {
  const problems: string[] = []
  const ownerOfKey = new Map<string, string>()
  for (const { name, allowedOrigins, signingSecrets, apiKeyHashes } of applications) {
    for (const origin of allowedOrigins) {
      if (!isOrigin(origin))
        problems.push(
          `/applications/${name}/allowedOrigins: ${JSON.stringify(origin)} is not an origin such as "https://main-server:3000".`,
        )
    }
    signingSecrets.forEach((secret, index) => {
      if (!isSigningSecret(secret))
        problems.push(`/applications/${name}/signingSecrets/${index} must be "whsec_" and the base64 of 24 to 64 bytes.`)
    })
    for (const digest of apiKeyHashes) {
      const other = ownerOfKey.get(digest)
      if (other !== undefined) problems.push(`/applications/${name}/apiKeyHashes: the application ${other} has the same key.`)
      ownerOfKey.set(digest, name)
    }
  }
  return problems
}

function describe({ keyword, params, message = 'is invalid' }: SchemaError): string {
  switch (keyword) {
    case 'enum':
      return `must be one of ${(params.allowedValues as string[]).join(', ')}`
    case 'additionalProperties':
      return `has an unknown field ${JSON.stringify(params.additionalProperty)}`
    default:
      return message
  }
}
