import type { Scope } from '../support/directory.ts'
import type { Proof } from '../support/proof.ts'
import { besiege, keys } from './besieged.ts'
import { callbackTokens } from './callbackTokens.ts'
import { foreignLists } from './foreignLists.ts'
import { foreignNames } from './foreignNames.ts'
import { keyTiming } from './keyTiming.ts'
import { faultsOfLog } from './logLines.ts'

/** Two applications that try to learn of each other, and jobs' tokens where they do not belong. */
export async function tenants(scope: Scope, isShort: boolean): Promise<Proof> {
  const besieged = await besiege(scope)
  const proofs = [await foreignNames(besieged), await foreignLists(besieged), await callbackTokens(scope), keyTiming(isShort)]
  return {
    figures: proofs.flatMap(({ figures }) => figures),
    violations: [...proofs.flatMap(({ violations }) => violations), ...faultsOfLog(besieged.log(), Object.values(keys))],
  }
}
