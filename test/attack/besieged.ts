import { join } from 'node:path'
import { writeApplications } from '../support/applications.ts'
import { emptyDirectory, type Scope } from '../support/directory.ts'
import { startOwner, type TestOwner } from '../support/owner.ts'
import { type RunningService, startService } from '../support/service.ts'

/** The keys of the two applications. */
export const keys = { blog: 'key-of-blog-0123456789', shop: 'key-of-shop-0123456789' } as const

/** A real service with two applications without limits, and the owner of both. */
export interface Besieged {
  readonly service: RunningService
  readonly owner: TestOwner
  /** What was logged since the start, after the greeting. */
  log(): string
}

interface Options {
  /** The origin that may be called, in the place of the owner's. */
  readonly callable?: string
  readonly logLevel?: string
}

export async function besiege(scope: Scope, { callable, logLevel = 'debug' }: Options = {}): Promise<Besieged> {
  const owner = await startOwner()
  scope.teardown(() => owner.close())
  const dataDir = emptyDirectory(scope)
  const applicationsFile = join(dataDir, 'applications.json')
  const origin = callable ?? owner.origin
  writeApplications(applicationsFile, { blog: { key: keys.blog, origin }, shop: { key: keys.shop, origin } })
  const service = await startService({ dataDir, env: { APPLICATIONS_FILE: applicationsFile, LOG_LEVEL: logLevel } })
  scope.teardown(() => service.end('SIGKILL'))
  // Once this is in the log, so is the greeting.
  const marker = 'after-the-greeting'
  await fetch(`${service.url}/schedules`, { headers: { 'x-request-id': marker } })
  while (!service.output().includes(marker)) await new Promise((resolve) => setTimeout(resolve, 10))
  const start = service.output().lastIndexOf('\n', service.output().indexOf(marker)) + 1
  return { service, owner, log: () => service.output().slice(start) }
}
