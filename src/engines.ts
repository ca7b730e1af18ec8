import { randomBytes } from 'node:crypto'
import { makeCallbackTokens } from './adapters/system/callbackTokens.ts'
import { makeSystemClock } from './adapters/system/clock.ts'
import type { EngineConfig } from './config.ts'
import type { CallbackTokens, Clock, Engine, Hint, Observer } from './domain/ports.ts'
import type { Firing } from './usecases/fire.ts'

export { backUp, refuseNoStore, restore } from './adapters/embedded/backup.ts'

interface EngineDependencies {
  readonly clock: Clock
  readonly observer: Observer
  readonly capacities: () => ReadonlyMap<string, number>
  readonly tokens: CallbackTokens
  readonly wake: Firing['fire']
}

/**
 * The engine for whoever looks after the records and delivers nothing.
 *
 * @throws StartRefused where it cannot be used as it is configured
 */
export async function openEngineAlone(chosen: EngineConfig): Promise<Engine> {
  const engine = await openEngine(chosen, {
    clock: makeSystemClock(),
    observer: { attempted() {}, expired() {}, rescued() {}, failed() {}, committed() {} },
    capacities: () => new Map(),
    tokens: makeTokens(chosen),
    // The service will have its wake-up, or find it overdue.
    wake: async () => ({ kind: 'nothing', reason: 'too_early' }),
  })
  const close = async (): Promise<void> => {
    await engine.stop()
    await engine.close()
  }
  return { ...engine, close }
}

/** Without callbacks from outside nobody is given a token, and no token is right. */
export function makeTokens(chosen: EngineConfig): CallbackTokens {
  return makeCallbackTokens(chosen.kind === 'aws' ? chosen.settings.callbackSecret : randomBytes(32).toString('hex'))
}

/** Loads the chosen engine alone: the other one's libraries cost memory and time. */
export async function openEngine(chosen: EngineConfig, { clock, observer, capacities, tokens, wake }: EngineDependencies): Promise<Engine> {
  if (chosen.kind === 'aws') {
    const { openAwsEngine } = await import('./adapters/aws/engine.ts')
    return openAwsEngine({ settings: chosen.settings, tokens, clock, observer, wake })
  }
  const { openEmbeddedEngine } = await import('./adapters/embedded/engine.ts')
  const see = async (hint: Hint): Promise<void> => {
    const fired = await wake(hint)
    if (fired.kind === 'taken') await fired.done
  }
  return openEmbeddedEngine({ directory: chosen.dataDir, clock, observer, capacities, wake: see })
}
