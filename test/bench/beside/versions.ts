import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { version } from '../../../src/version.ts'
import { packages } from '../peers/install.ts'
import { program } from '../peers/postgres.ts'

const run = promisify(execFile)

/** What exactly is measured. */
export async function versionsOf(): Promise<Record<string, string>> {
  const [redis, postgres] = await Promise.all([run('redis-server', ['--version']), run(program('postgres'), ['--version'])])
  return {
    punctual: version,
    ...packages,
    redis: /v=(\S+)/.exec(redis.stdout)?.[1] ?? '',
    postgresql: /(\d\S*)/.exec(postgres.stdout)?.[1] ?? '',
  }
}
