import { type DeliveryResult, deliveryDeadlineMs } from '../../src/domain/lifecycle.ts'
import type { Call, Owner } from '../../src/domain/ports.ts'
import type { Process, Trouble } from './process.ts'
import type { World } from './world.ts'

/** A call that reached the owner. */
export interface Received {
  readonly call: Call
  /** True time. */
  readonly at: number
  /** What the calling process took it for. */
  readonly wall: number
  readonly by: string
  /** True time at which the exchange ended, for whatever reason. */
  endedAt: number | undefined
  verdict: DeliveryResult['verdict'] | undefined
}

/** The owner as a process has it: closed, it ends what is under way. */
export type OwnerPort = Owner & { close(): void }

export interface SimulatedOwner {
  readonly received: readonly Received[]
  portOf(process: Process): OwnerPort
}

interface Behaviour {
  readonly afterMs: number
  readonly result: Pick<DeliveryResult, 'verdict' | 'retryAfterMs'>
}

export function makeSimulatedOwner(world: World, trouble: Trouble): SimulatedOwner {
  const { random } = world
  const received: Received[] = []

  function behave(): Behaviour {
    const quick = random.between(1, 50)
    if (!trouble('ownerTrouble')) return { afterMs: quick, result: { verdict: 'delivered' } }
    return random.pick<Behaviour>([
      { afterMs: quick, result: { verdict: 'retry' } },
      { afterMs: quick, result: { verdict: 'retry', retryAfterMs: random.between(0, 20_000) } },
      { afterMs: quick, result: { verdict: 'gone' } },
      // Whether it has done the work nobody knows.
      { afterMs: deliveryDeadlineMs, result: { verdict: 'retry' } },
      { afterMs: random.between(1000, deliveryDeadlineMs), result: { verdict: 'delivered' } },
    ])
  }

  return {
    received,
    portOf(process) {
      const underWay = new Map<Received, (result: Behaviour['result']) => void>()
      process.onEnd(() => {
        for (const entry of underWay.keys()) entry.endedAt ??= world.now()
      })
      return {
        allows: () => true,
        deliver(call) {
          const entry: Received = {
            call,
            at: world.now(),
            wall: process.clock.now(),
            by: process.name,
            endedAt: undefined,
            verdict: undefined,
          }
          received.push(entry)
          world.note(() => `${process.name} calls the owner: ${call.name} ${call.id}, attempt ${call.attempt}`)
          const { afterMs, result } = behave()
          return new Promise((resolve) => {
            const end = (ended: Behaviour['result']): void => {
              if (!underWay.delete(entry)) return
              entry.endedAt = world.now()
              entry.verdict = ended.verdict
              resolve({ ...ended, startedAt: entry.wall, durationMs: world.now() - entry.at })
            }
            underWay.set(entry, end)
            world.after(afterMs, () => process.goOn(() => end(result)))
          })
        },
        close() {
          for (const end of underWay.values()) end({ verdict: 'interrupted' })
        },
      }
    },
  }
}
