import type { ScheduleBody } from '../support/api.ts'
import type { ReceivedCall } from '../support/owner.ts'

/** What callers were told, to be held against what the owner got and what is there in the end. */
export interface Ledger {
  created(id: string, name: string, at: number): void
  /** A cancel was asked for. */
  wantsCanceled(id: string): void
  /** It was confirmed, just now. */
  canceled(id: string): void
  /** A change was confirmed, just now: another moment, and with it another token in the payload. */
  changed(id: string, at: number, token: number): void
  /** It may have been changed, without a confirmation: its moment is not known any more. */
  mayBeSooner(id: string): void
  /** It is to be run: ahead of its moment, or once more where it has been delivered. */
  wantsRun(id: string): void
  counts(): Readonly<Record<'acknowledged' | 'canceled' | 'changed', number>>
  /** @param statuses what each name is in the end */
  check(calls: readonly ReceivedCall[], statuses: ReadonlyMap<string, Found>): Reckoning
}

/** What there is in the end. */
export type Found = Pick<ScheduleBody, 'id' | 'status'>

export interface Reckoning {
  readonly violations: readonly string[]
  /** The ids of those that the owner has accepted more than once. */
  readonly twice: readonly string[]
}

interface Entry {
  readonly id: string
  readonly name: string
  /** The first moment at which it may be called, as far as its caller knows. */
  at: number | undefined
  mayBeCanceled: boolean
  mayComeAgain: boolean
  canceledAt: number
  changedAt: number
  token: number
}

const never = Number.POSITIVE_INFINITY

export function makeLedger(): Ledger {
  const entries = new Map<string, Entry>()

  function entryOf(id: string): Entry {
    const entry = entries.get(id)
    if (entry === undefined) throw new Error(`nobody has created ${id}`)
    return entry
  }

  return {
    created(id, name, at) {
      entries.set(id, { id, name, at, mayBeCanceled: false, mayComeAgain: false, canceledAt: never, changedAt: never, token: 0 })
    },
    wantsCanceled(id) {
      entryOf(id).mayBeCanceled = true
    },
    canceled(id) {
      entryOf(id).canceledAt = Date.now()
    },
    changed(id, at, token) {
      Object.assign(entryOf(id), { at, token, changedAt: Date.now() })
    },
    mayBeSooner(id) {
      entryOf(id).at = undefined
    },
    wantsRun(id) {
      Object.assign(entryOf(id), { at: undefined, mayComeAgain: true })
    },
    counts() {
      const all = [...entries.values()]
      return {
        acknowledged: all.length,
        canceled: all.filter(({ canceledAt }) => canceledAt < never).length,
        changed: all.filter(({ changedAt }) => changedAt < never).length,
      }
    },
    check(calls, statuses) {
      const received = Map.groupBy(calls, ({ headers }) => headers['webhook-id'] ?? '')
      const all = [...entries.values()]
      const violations = [
        ...calls.flatMap(earlyByItself),
        ...all.flatMap((entry) => broken(entry, received.get(entry.id) ?? [], statuses.get(entry.name))),
      ]
      const twice = all.flatMap(({ id, mayComeAgain }) => {
        const accepted = (received.get(id) ?? []).filter(({ status }) => status === 200).length
        return accepted > 1 && !mayComeAgain ? [id] : []
      })
      return { violations, twice }
    },
  }
}

function earlyByItself({ receivedAt, headers }: ReceivedCall): string[] {
  const earlyMs = Date.parse(headers['schedule-due-at'] ?? '') - receivedAt
  return earlyMs > 0 ? [`early: ${headers['schedule-name']} by ${earlyMs} ms`] : []
}

function broken(entry: Entry, calls: readonly ReceivedCall[], found: Found | undefined): string[] {
  const { id, name, at, canceledAt, changedAt, token } = entry
  const violations: string[] = []
  if (isLost(entry, calls, found)) violations.push(`lost: ${name}, which is ${found?.status ?? 'not there'}, with ${calls.length} calls`)
  if (canceledAt < never && found?.status !== 'canceled') violations.push(`canceled, but ${found?.status}: ${name}`)
  if (changedAt < never && found?.status === 'delivered' && !calls.some((call) => call.status === 200 && tokenOf(call) === token))
    violations.push(`delivered, but not as it was changed: ${name}`)
  if (calls.some(({ receivedAt }) => receivedAt > canceledAt)) violations.push(`after a confirmed cancel: ${name}`)
  if (found?.status === 'canceled' && calls.some(({ status }) => status === 200)) violations.push(`canceled and delivered: ${name}`)
  for (const call of calls) {
    const { receivedAt, headers } = call
    const sent = tokenOf(call)
    if (receivedAt > changedAt && sent < token) violations.push(`with what a confirmed change had replaced: ${name}`)
    // What was sent before the change went by the moment before it.
    const isAfterChange = changedAt === never || sent === token
    const dueAt = Date.parse(headers['schedule-due-at'] ?? '')
    if (at !== undefined && isAfterChange && dueAt < at) violations.push(`ahead of its moment: ${name} (${id}) by ${at - dueAt} ms`)
  }
  return violations
}

function tokenOf({ body }: ReceivedCall): number {
  return (JSON.parse(body) as { token: number }).token
}

/** Ends as it should: delivered, with a call that was accepted, unless it was canceled. */
function isLost({ id, mayBeCanceled }: Entry, calls: readonly ReceivedCall[], found: Found | undefined): boolean {
  if (found?.id !== id) return true
  if (found.status === 'canceled') return !mayBeCanceled
  return found.status !== 'delivered' || !calls.some(({ status }) => status === 200)
}
