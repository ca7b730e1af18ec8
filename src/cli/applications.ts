import { hash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import writeFileAtomic from 'write-file-atomic'
import { type ApplicationFields, type ApplicationsFile, checkApplications } from '../config/applicationsFile.ts'
import { readJsonFile } from '../config/jsonFile.ts'
import { StartRefused } from '../domain/errors.ts'

/** So many of each may be valid at once: the new one, and the one before until everybody has changed over. */
const validAtOnce = 2

/** What is shown once, and kept nowhere. */
export interface Credentials {
  readonly apiKey?: string
  readonly signingSecret?: string
}

/**
 * Adds an application to the file, which is made where there is none.
 *
 * @throws StartRefused where there is one of this name, or the file would not be usable
 */
export async function addApplication(file: string, name: string, origins: readonly string[]): Promise<Required<Credentials>> {
  const content = existsSync(file) ? read(file) : { applications: {} }
  if (Object.hasOwn(content.applications, name)) throw new StartRefused(`${file} has an application ${name} already.`)
  const [apiKey, signingSecret] = [newKey(), newSecret()]
  const fields = { apiKeyHashes: [hashOf(apiKey)], allowedOrigins: origins, signingSecrets: [signingSecret] }
  await write(file, { applications: { ...content.applications, [name]: fields } })
  return { apiKey, signingSecret }
}

interface Rotation {
  /** Has the earlier ones invalid at once. */
  readonly dropOld: boolean
}

/**
 * Gives an application another key; the one before stays valid, unless it is to be dropped.
 *
 * @throws StartRefused where there is no such application, or the file is not usable
 */
export async function rotateKey(file: string, name: string, { dropOld }: Rotation): Promise<Credentials> {
  const apiKey = newKey()
  await change(file, name, (fields) => ({
    ...fields,
    apiKeyHashes: [hashOf(apiKey), ...(dropOld ? [] : fields.apiKeyHashes)].slice(0, validAtOnce),
  }))
  return { apiKey }
}

/**
 * Gives an application another secret; calls are signed by the one before as well, unless it is to be dropped.
 *
 * @throws StartRefused where there is no such application, or the file is not usable
 */
export async function rotateSecret(file: string, name: string, { dropOld }: Rotation): Promise<Credentials> {
  const signingSecret = newSecret()
  await change(file, name, (fields) => ({
    ...fields,
    signingSecrets: [signingSecret, ...(dropOld ? [] : fields.signingSecrets)].slice(0, validAtOnce),
  }))
  return { signingSecret }
}

async function change(file: string, name: string, edit: (fields: ApplicationFields) => ApplicationFields): Promise<void> {
  const content = read(file)
  const fields = Object.hasOwn(content.applications, name) ? content.applications[name] : undefined
  if (fields === undefined) {
    throw new StartRefused(`${file} has no application ${name}. It has ${Object.keys(content.applications).join(', ')}.`)
  }
  await write(file, { applications: { ...content.applications, [name]: edit(fields) } })
}

function read(file: string): ApplicationsFile {
  const problems: string[] = []
  const content = readJsonFile('The applications file', file, problems)
  if (problems.length === 0) checkApplications(content, file, problems)
  refuse(problems)
  return content as ApplicationsFile
}

/** As a whole or not at all: a service that reads it meanwhile sees the old one or the new one. */
async function write(file: string, content: ApplicationsFile): Promise<void> {
  const problems: string[] = []
  checkApplications(content, file, problems)
  refuse(problems)
  const isNew = !existsSync(file)
  try {
    await writeFileAtomic(file, `${JSON.stringify(content, null, 2)}\n`, isNew ? { mode: 0o600 } : {})
  } catch (error) {
    throw new StartRefused(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new StartRefused(problems.join('\n'))
}

function newKey(): string {
  return `punctual_${randomBytes(32).toString('base64url')}`
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

function hashOf(key: string): string {
  return `sha256:${hash('sha256', key, 'hex')}`
}
