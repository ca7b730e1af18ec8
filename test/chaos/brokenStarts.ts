import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openEmbeddedStore } from '../../src/adapters/embedded/store.ts'
import { makeSystemClock } from '../../src/adapters/system/clock.ts'
import { emptyDirectory, type Scope } from '../support/directory.ts'
import { makeRecordingObserver } from '../support/observer.ts'
import type { Proof } from '../support/proof.ts'
import { startService } from '../support/service.ts'
import { strace, writes } from './strace.ts'

/** More than any start needs of one kind. */
const mostSyscalls = 12

/** A process is killed at each write and sync of its very first start: the next one starts. */
export async function brokenStarts(scope: Scope, isShort: boolean): Promise<Proof> {
  const violations: string[] = []
  let kills = 0
  const dataDir = join(emptyDirectory(scope), 'data')
  for (const syscall of [...writes, 'unlink'] as const) {
    for (let nth = 1; nth <= (isShort ? 3 : mostSyscalls); nth++) {
      rmSync(dataDir, { recursive: true, force: true })
      const inject = ['-e', `inject=${syscall}:signal=KILL:when=${nth}`, '-o', '/dev/null']
      const wasKilled = await startService({ dataDir, under: strace(dataDir, ...inject) }).then(
        async (service) => {
          await service.end('SIGKILL')
          return false
        },
        () => true,
      )
      if (!wasKilled) break
      kills++
      const finding = await startAgain(dataDir)
      if (finding !== undefined) violations.push(`killed at ${syscall} ${nth}: ${finding}`)
    }
  }
  return { figures: [`${kills} starts killed, each at another write or sync`], violations: kills === 0 ? ['none was killed'] : violations }
}

async function startAgain(dataDir: string): Promise<string | undefined> {
  const copy = `${dataDir}-again`
  rmSync(copy, { recursive: true, force: true })
  cpSync(dataDir, copy, { recursive: true })
  try {
    await (await openEmbeddedStore(copy, makeSystemClock(), makeRecordingObserver())).close()
    return undefined
  } catch (error) {
    return String(error)
  }
}
