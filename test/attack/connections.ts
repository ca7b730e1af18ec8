import type { Scope } from '../support/directory.ts'
import type { Proof } from '../support/proof.ts'
import { besiege, keys } from './besieged.ts'
import { bodyBombs } from './bodyBombs.ts'
import { brokenConnections } from './brokenConnections.ts'
import { faultsOfLog } from './logLines.ts'
import { pipelines } from './pipelines.ts'
import { socketsOf } from './processLook.ts'
import { slowCallers } from './slowCallers.ts'

/** So long after the last one every connection is gone. */
const settleMs = 5000

/** Callers who are slow, send too much, break off, or do not wait. */
export async function connections(scope: Scope, isShort: boolean): Promise<Proof> {
  const besieged = await besiege(scope)
  const { service, log } = besieged
  const before = socketsOf(service.pid)
  const proofs = [
    await brokenConnections(besieged),
    await pipelines(besieged),
    await slowCallers(besieged, isShort),
    await bodyBombs(besieged),
  ]
  const after = await settled(service.pid, before)
  const violations = proofs.flatMap(({ violations }) => violations)
  // The good caller's are kept alive on purpose: by this process, which has no more than a few.
  if (after > before + 10) violations.push(`${after} sockets are open after all, ${before} were before`)
  return {
    figures: [...proofs.flatMap(({ figures }) => figures), `sockets of the service: ${before} before, ${after} after`],
    violations: [...violations, ...faultsOfLog(log(), Object.values(keys))],
  }
}

async function settled(pid: number, wanted: number): Promise<number> {
  for (const give = Date.now() + settleMs; Date.now() < give && socketsOf(pid) > wanted; )
    await new Promise((resolve) => setTimeout(resolve, 50))
  return socketsOf(pid)
}
