import { join } from 'node:path'
import { writeApplications } from '../support/applications.ts'
import { startOwner, type TestOwner } from '../support/owner.ts'
import { type RunningService, startService } from '../support/service.ts'
import { createMany } from './createMany.ts'
import { withDirectory } from './directory.ts'
import { measureLateness } from './lateness.ts'
import { summary } from './summary.ts'

const overdue = 50_000

/** An owner's lateness before and while another owner hangs with 50,000 overdue. */
export async function fairness(): Promise<string[]> {
  return withDirectory(async (directory) => {
    const [hanging, well] = [await startOwner(() => undefined), await startOwner()]
    const service = await startTenants(directory, { hanging, well })
    const before = await measureLateness(service.url, well, 'well')
    const at = new Date(Date.now() + 1000).toISOString()
    await createMany(service.url, overdue, (index) => ({ name: `h-${index}`, at, target: { url: hanging.origin } }), 'hanging')
    const during = await measureLateness(service.url, well, 'well')
    await service.end('SIGKILL')
    await Promise.all([hanging.close(), well.close()])
    return [`  alone                                ${summary(before)}`, `  beside 50,000 overdue of another     ${summary(during)}`]
  })
}

async function startTenants(directory: string, owners: Readonly<Record<string, TestOwner>>): Promise<RunningService> {
  const file = join(directory, 'applications.json')
  writeApplications(file, Object.fromEntries(Object.entries(owners).map(([name, { origin }]) => [name, { key: name, origin }])))
  return startService({ dataDir: join(directory, 'data'), env: { APPLICATIONS_FILE: file } })
}
