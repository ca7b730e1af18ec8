import type { Schedule } from '../../src/domain/schedule.ts'
import type { Random } from '../simulation/random.ts'

/** What a caller was told of a schedule, and when, in milliseconds since the epoch. */
export interface Promised {
  readonly name: string
  readonly id: string
  readonly status: 'scheduled' | 'canceled'
  readonly at: number
  readonly toldAt: number
}

/** Far enough ahead that none of these is delivered. */
const aheadMs = 3_600_000

/** What clients were told, one promise after the other: `statuses` are of every answer there was. */
export interface Client {
  readonly promised: readonly Promised[]
  readonly statuses: readonly number[]
  /** Creates one, and then cancels or changes some. */
  goOn(): Promise<void>
}

/** @param filling how many characters of payload each has */
export function makeClient(url: string, random: Random, filling = 200): Client {
  const promised: Promised[] = []
  const statuses: number[] = []
  let names = 0

  async function ask(method: string, path: string, body?: object): Promise<Schedule | undefined> {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }).catch(
      () => undefined,
    )
    const answer = (await response?.json().catch(() => undefined)) as Schedule | undefined
    if (response === undefined || answer === undefined) return undefined
    statuses.push(response.status)
    return response.status < 300 ? answer : undefined
  }

  function note(answer: Schedule | undefined, at: number, status: Promised['status'] = 'scheduled'): void {
    if (answer === undefined) return
    promised.push({ name: answer.name, id: answer.id, status, at, toldAt: performance.timeOrigin + performance.now() })
  }

  return {
    promised,
    statuses,
    async goOn() {
      const name = `promised-${++names}`
      const at = Date.now() + aheadMs
      const target = { url: 'http://127.0.0.1:1/' }
      const created = await ask('POST', '/schedules', { name, at: new Date(at).toISOString(), target, payload: 'x'.repeat(filling) })
      note(created, at)
      const choice = random.next()
      if (created === undefined) return
      if (choice < 0.2) note(await ask('DELETE', `/schedules/${name}`), at, 'canceled')
      else if (choice < 0.4) {
        const later = at + random.between(1, 1000)
        note(await ask('PATCH', `/schedules/${name}`, { at: new Date(later).toISOString() }), later)
      }
    },
  }
}

/** Which of the promises given by then are not kept by what there is. A later one, told or not, may have taken its place. */
export function brokenOf(
  promised: readonly Promised[],
  records: ReadonlyMap<string, Schedule>,
  until = Number.POSITIVE_INFINITY,
): string[] {
  const latest = new Map(promised.filter(({ toldAt }) => toldAt <= until).map((promise) => [promise.name, promise]))
  return [...latest.values()].flatMap(({ name, id, status, at }) => {
    const found = records.get(name)
    if (found === undefined || found.id !== id) return [`${name} is gone`]
    if (status === 'canceled' && found.status !== 'canceled') return [`${name} is not canceled, but ${found.status}`]
    return found.at < at ? [`${name} is at ${found.at} again, and not at ${at}`] : []
  })
}
