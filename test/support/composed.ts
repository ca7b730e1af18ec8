import { createHash, randomBytes } from 'node:crypto'
import { pino } from 'pino'
import type { Test } from 'tap'
import { compose, type Service } from '../../src/compose.ts'
import type { EngineConfig } from '../../src/config.ts'
import type { Application } from '../../src/domain/application.ts'
import { serializers } from '../../src/observability/log.ts'
import { emptyDirectory } from './directory.ts'

export const keys = { blog: 'key-of-blog-0123456789', shop: 'key-of-shop-0123456789' }

export function application(name: keyof typeof keys, fields: Partial<Application> = {}): Application {
  return {
    name,
    apiKeyHashes: [createHash('sha256').update(keys[name]).digest('hex')],
    allowedOrigins: ['http://127.0.0.1:1'],
    signingSecrets: [`whsec_${randomBytes(32).toString('base64')}`],
    maxConcurrentDeliveries: 64,
    ...fields,
  }
}

export interface Composed extends Service {
  /** What was logged, line by line. */
  readonly logged: readonly string[]
}

interface Options {
  /** None: development mode. */
  readonly applications?: readonly Application[]
  /** By default the embedded one, on a store of its own. */
  readonly engine?: EngineConfig
  /** By default the system's. */
  readonly clock?: 'system' | 'manual'
}

/** The whole service in this process. */
export async function composeService(t: Test, { applications, engine, clock = 'system' }: Options): Promise<Composed> {
  const logged: string[] = []
  const log = pino({ level: 'trace', serializers }, { write: (line: string) => logged.push(line) })
  const service = await compose(
    {
      host: '127.0.0.1',
      port: 0,
      logLevel: 'trace',
      engine: engine ?? { kind: 'embedded', dataDir: emptyDirectory(t) },
      retentionMs: 86_400_000,
      clock,
      applications,
      applicationsFile: undefined,
    },
    log,
    '0.0.0-test',
  )
  t.teardown(() => service.stop())
  return { ...service, logged }
}
