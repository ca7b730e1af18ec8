import { Ajv } from 'ajv'
import { isOrigin } from '../delivery/allowedTarget.ts'
import { isSigningSecret } from '../delivery/signature.ts'
import type { Application } from '../domain/application.ts'
import { readJsonFile } from './jsonFile.ts'
import { describe } from './schemaErrors.ts'

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
          maxPendingSchedules: { type: 'integer', minimum: 1 },
          maxRequestsPerSecond: { type: 'integer', minimum: 1 },
        },
      },
    },
  },
} as const

/** An application as the file has it. */
export type ApplicationFields = Omit<Application, 'name' | 'maxConcurrentDeliveries' | 'allowedOrigins'> & {
  readonly allowedOrigins: readonly string[]
  readonly maxConcurrentDeliveries?: number
}

export interface ApplicationsFile {
  readonly applications: Readonly<Record<string, ApplicationFields>>
}

export const defaultMaxConcurrentDeliveries = 64

/** Reads the applications file; what is wrong with it is added to `problems`. */
export function readApplicationsFile(file: string, problems: string[]): readonly Application[] {
  const content = readJsonFile('APPLICATIONS_FILE', file, problems)
  return content === undefined ? [] : checkApplications(content, `APPLICATIONS_FILE ${file}`, problems)
}

/**
 * The applications that the content of a file amounts to; what is wrong with it is added to `problems`.
 *
 * @param label what the content is called in these
 */
export function checkApplications(content: unknown, label: string, problems: string[]): readonly Application[] {
  const ajv = new Ajv({ allErrors: true, strict: false })
  const validate = ajv.compile<ApplicationsFile>(applicationsSchema)
  if (!validate(content)) {
    for (const problem of validate.errors ?? []) {
      // Of a name that is none, the error about names says it all.
      if (problem.propertyName === undefined) problems.push(`${label}: ${problem.instancePath || 'the file'} ${describe(problem)}.`)
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
      maxPendingSchedules: fields.maxPendingSchedules,
      maxRequestsPerSecond: fields.maxRequestsPerSecond,
    }),
  )
  problems.push(...applicationProblems(applications).map((problem) => `${label}: ${problem}`))
  return applications
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
