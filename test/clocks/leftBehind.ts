import { setTimeout as sleep } from 'node:timers/promises'
import type { Scope } from '../support/directory.ts'
import type { Proof } from '../support/proof.ts'
import { makeSteppedClock, type SteppedClock } from '../support/steppedClock.ts'
import { onAws, onOneDirectory, type Processes, together } from './stages.ts'
import { judgeCalls, miscounted, spread } from './witness.ts'

const hourMs = 3600_000

/** A process that has nothing to do looks at what there is every second, and sweeps every four. */
const lookedWithinMs = 1500
const sweptWithinMs = 10_000

/** The clock of two processes is set back while they have nothing to do; then one is killed, and the other sees to what it leaves. */
export async function leftBehind(t: Scope, isShort: boolean): Promise<Proof> {
  const clocks = [makeSteppedClock(t), makeSteppedClock(t)] as const
  const count = isShort ? 10 : 50
  const embedded = await onOneDirectory(t, { count: 2, env: clocks[0].env })
  const aws = await onAws(t, { count: 2, env: clocks[1].env })
  return together(
    killAfterStep(embedded, clocks[0], { what: 'on one directory', count, promptMs: lookedWithinMs }),
    killAfterStep(aws, clocks[1], { what: 'on stand-ins for AWS', count, promptMs: sweptWithinMs }),
  )
}

interface Circumstances {
  readonly what: string
  readonly count: number
  readonly promptMs: number
}

async function killAfterStep({ owner, processes: [one] }: Processes, clock: SteppedClock, options: Circumstances): Promise<Proof> {
  const { what, count, promptMs } = options
  // Both have looked, and are waiting to look again.
  await sleep(2000)
  clock.stepBy(-hourMs)
  await sleep(1500)
  const names = Array.from({ length: count }, (_, index) => `left-${index}`)
  const toldAt = new Map(names.map((name) => [name, Date.now()]))
  const at = new Date(clock.now() + 2500).toISOString()
  await Promise.all(names.map((name) => one.api.create({ name, at, target: { url: owner.origin } })))
  await one.end('SIGKILL')
  await Promise.race([owner.waitForCalls(count), sleep(2500 + promptMs)])
  const { late, violations } = judgeCalls({ clock, calls: owner.calls, toldAt, promptMs })
  return {
    figures: [`${what}: delivered by the other process: ${spread(late)}`],
    violations: [...violations, ...miscounted(owner.calls, names, [1, 1])].map((violation) => `${what}: ${violation}`),
  }
}
