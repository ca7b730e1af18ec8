import type { Bar } from '../bars.ts'
import { listHref } from '../route.ts'
import type { CountedStatus } from '../types.ts'

/** The list of what a bar counts. */
export function hrefOfBar(status: CountedStatus, { from, to }: Bar): string {
  return listHref({ status, from: toSeconds(from), to: toSeconds(to) })
}

/** Most bars begin and end on whole minutes: what needs not be said makes an address shorter. */
function toSeconds(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z')
}
