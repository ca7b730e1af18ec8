import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runCli } from '../support/cli.ts'
import { startService } from '../support/service.ts'
import { makeApplication } from './application.ts'
import { openFeed } from './feed.ts'
import { makePunctual } from './punctual.ts'

interface Options {
  /** Of the service's store, and of what the application has published. */
  readonly directory: string
  /** Where the application listens. */
  readonly port: number
  /** Where the service does. */
  readonly punctualPort: number
}

export interface Demo {
  /** Of the page. */
  readonly url: string
  readonly punctualUrl: string
  readonly signingSecret: string
  stop(): Promise<void>
}

/** Starts Punctual in a process of its own, and an application that has its posts published by it, both on loopback. */
export async function startDemo({ directory, port, punctualPort }: Options): Promise<Demo> {
  mkdirSync(directory, { recursive: true })
  const [origin, punctualUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${punctualPort}`]
  const { file, key, signingSecret } = await register(directory, origin)
  const feed = openFeed(join(directory, 'feed.db'))
  const punctual = makePunctual({ url: punctualUrl, key, hook: `${origin}/hooks/publish` })
  const app = await makeApplication({ punctual, feed, signingSecret })
  // Before the service, which calls at once for what became due while neither ran.
  await app.listen({ host: '127.0.0.1', port })
  const service = await startService({
    dataDir: directory,
    env: { PORT: String(punctualPort), APPLICATIONS_FILE: file, LOG_LEVEL: 'warn' },
  }).catch(async (error: unknown) => {
    await app.close()
    throw error
  })
  return {
    url: origin,
    punctualUrl,
    signingSecret,
    async stop() {
      await service.end('SIGTERM')
      await app.close()
      feed.close()
    },
  }
}

/**
 * Makes the application known to the service, as an operator would. The key is shown once and kept nowhere, so that each
 * start makes another; what is scheduled belongs to the application's name.
 */
async function register(directory: string, origin: string): Promise<{ file: string; key: string; signingSecret: string }> {
  const file = join(directory, 'applications.json')
  rmSync(file, { force: true })
  const { stdout, stderr } = await runCli(['application', 'add', 'demo', '--origin', origin, '--file', file])
  const [key, signingSecret] = [/^api key +(\S+)$/m, /^signing secret +(\S+)$/m].map((line) => line.exec(stdout)?.[1])
  if (key === undefined || signingSecret === undefined) throw new Error(`the application could not be added: ${stderr}`)
  return { file, key, signingSecret }
}
