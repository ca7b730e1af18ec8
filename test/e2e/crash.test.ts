import t from 'tap'
import { leaseMs } from '../../src/domain/lifecycle.ts'
import { apiOf } from '../support/api.ts'
import { emptyDirectory } from '../support/directory.ts'
import { startOwner } from '../support/owner.ts'
import { startService } from '../support/service.ts'

const kills = 5
const callers = 16

/** A reproducible sequence of numbers in [0, 1). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

await t.test(
  'kill -9 at random moments under load: nothing acknowledged is lost, early, or delivered after a confirmed cancel',
  { timeout: 120_000 },
  async (t) => {
    const dataDir = emptyDirectory(t)
    const random = seeded(20_261_124)
    const owner = await startOwner()
    t.teardown(() => owner.close())
    const acknowledged = new Map<string, { id: string; at: number }>()
    const canceled = new Map<string, number>()
    let service = await startService({ dataDir })
    t.teardown(() => service.end('SIGKILL'))
    let names = 0

    /** Creates and cancels until the service is gone. */
    async function call(url: string): Promise<void> {
      const api = apiOf(url)
      for (;;) {
        const name = `crash-${++names}`
        const body = { name, delaySeconds: random() * 2, target: { url: owner.origin }, payload: { name } }
        const created = await api.create(body).catch(() => undefined)
        if (created === undefined) return
        acknowledged.set(name, { id: created.id, at: Date.parse(created.at) })
        if (random() > 0.8) {
          const wasCanceled = await api.cancel(name).catch(() => undefined)
          if (wasCanceled === undefined) return
          if (wasCanceled) canceled.set(created.id, Date.now())
        }
      }
    }

    for (let kill = 0; kill < kills; kill++) {
      const load = Array.from({ length: callers }, () => call(service.url))
      await new Promise((resolve) => setTimeout(resolve, 400 + random() * 800))
      await service.end('SIGKILL')
      await Promise.all(load)
      service = await startService({ dataDir })
    }

    const api = apiOf(service.url)
    const stillOpen = async (): Promise<number> =>
      (await api.list('status=scheduled')).length + (await api.list('status=delivering')).length
    // What was under way at a kill is made again when its lease has ended.
    const deadline = Date.now() + leaseMs + 10_000
    while ((await stillOpen()) > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 200))

    const all = new Map((await api.list()).map((schedule) => [schedule.name, schedule]))
    const received = Map.groupBy(owner.calls, ({ headers }) => headers['webhook-id'] ?? '')
    const lost = [...acknowledged].filter(([name, { id }]) => {
      const schedule = all.get(name)
      return schedule?.id !== id || (schedule.status === 'canceled' ? false : schedule.status !== 'delivered' || !received.has(id))
    })
    t.same(lost, [], 'lost')
    const early = owner.calls.filter(({ receivedAt, headers }) => receivedAt < Date.parse(headers['schedule-due-at'] ?? ''))
    t.same(early, [], 'early')
    const afterCancel = owner.calls.filter(
      ({ headers, receivedAt }) => receivedAt > (canceled.get(headers['webhook-id'] ?? '') ?? Number.POSITIVE_INFINITY),
    )
    t.same(afterCancel, [], 'delivered after a confirmed cancel')
    const deliveredAndCanceled = [...canceled.keys()].filter((id) => received.has(id))
    t.same(deliveredAndCanceled, [], 'both delivered and canceled')
    // Only what was under way at a kill may come twice: no more than there are places.
    const twice = [...received.values()].filter((calls) => calls.length > 1).length
    t.ok(twice <= kills * 64, `${twice} came twice`)
    t.ok(acknowledged.size > 100 && canceled.size > 10, `${acknowledged.size} acknowledged, ${canceled.size} canceled`)
    t.comment(`${acknowledged.size} acknowledged, ${canceled.size} canceled, ${kills} kills, ${twice} delivered twice`)
  },
)
