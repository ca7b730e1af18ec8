import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { version } from '../../../src/version.ts'
import { packages } from '../peers/install.ts'
import { program } from '../peers/postgres.ts'

const run = promisify(execFile)

/** What exactly is measured. */
export async function versionsOf(): Promise<Record<string, string>> {
  const [redis, postgres] = await Promise.all([versionOf(() => 'redis-server'), versionOf(() => program('postgres'))])
  return { punctual: version, ...packages, redis: /v=(\S+)/.exec(redis)?.[1] ?? none, postgresql: /(\d\S*)/.exec(postgres)?.[1] ?? none }
}

/** Whoever measures Punctual alone needs no servers. */
const none = 'not installed'

async function versionOf(command: () => string): Promise<string> {
  try {
    const { stdout } = await run(command(), ['--version'])
    return stdout
  } catch {
    return ''
  }
}
