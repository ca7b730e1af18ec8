// Whatever the checks are for is done on purpose here, to see that they notice.
import t from 'tap'
import type { Schedule } from '../../src/domain/schedule.ts'
import { playHistory, type Sabotage } from './history.ts'
import { brokenPromises } from './promises.ts'
import type { StorePort } from './store.ts'

const mostHistories = 2000

/** A store in which some changes are another one, or (undefined) are answered and not made. */
function withChanges(change: (next: Schedule, previous: Schedule) => Schedule | undefined): Sabotage {
  return {
    store: (store) => ({
      ...store,
      async replace(previous, next) {
        const changed = change(next, previous)
        return changed === undefined
          ? (await store.get(next.application, next.name))?.version === previous.version
          : store.replace(previous, changed)
      },
    }),
  }
}

/** A store in which records are read as other ones. */
function withReads(read: (schedule: Schedule) => Schedule): Sabotage {
  return {
    store: (store) => ({
      ...store,
      async get(application, name) {
        const found = await store.get(application, name)
        return found && read(found)
      },
    }),
  }
}

function withSleeps(offsetMs: number): Sabotage {
  return {
    process: (process) => ({
      ...process,
      clock: { ...process.clock, sleepUntil: (instant, signal) => process.clock.sleepUntil(instant + offsetMs, signal) },
    }),
  }
}

async function replaceWhateverThereIs(store: StorePort, previous: Schedule, next: Schedule): Promise<boolean> {
  if (await store.replace(previous, next)) return true
  const found = await store.get(previous.application, previous.name)
  return found !== undefined && store.replace(found, next)
}

const sabotages: readonly (readonly [what: string, promise: string, sabotage: Sabotage])[] = [
  [
    'a moment that is read as an earlier one',
    'never early',
    withReads((found) => (found.dueAt === null ? found : { ...found, dueAt: found.dueAt - 2000 })),
  ],
  ['timers that end too late', 'punctual where nothing goes wrong', withSleeps(200)],
  [
    'a store that does not mind what was read',
    'each attempt is made once',
    { store: (store) => ({ ...store, replace: (previous, next) => replaceWhateverThereIs(store, previous, next) }) },
  ],
  [
    'a due index in which nothing is found',
    'what is acknowledged ends',
    { store: (store) => ({ ...store, due: async () => [], nextDueAt: async () => undefined }) },
  ],
  [
    'an insert that is answered and not made',
    'what is acknowledged ends',
    { store: (store) => ({ ...store, insert: async () => ({ inserted: true }) }) },
  ],
  [
    'a record that is taken back later',
    'nothing acknowledged is taken back',
    {
      store: (store) => ({
        ...store,
        async insert(schedule) {
          const answer = await store.insert(schedule)
          store.remove(schedule).catch(() => undefined)
          return answer
        },
      }),
    },
  ],
  [
    'a cancel that is answered and not made',
    'never after a confirmed cancel',
    withChanges((next) => (next.status === 'canceled' ? undefined : next)),
  ],
  [
    'a change that is answered and not made',
    'never with what a confirmed change has replaced',
    withChanges((next, previous) => (previous.status === 'scheduled' && next.status === 'scheduled' ? undefined : next)),
  ],
  [
    'a run that is answered and not made',
    'what is run is called',
    withChanges((next, previous) => (previous.dueAt === null && next.status === 'scheduled' && next.id === previous.id ? undefined : next)),
  ],
  [
    'a lease that ends as it begins',
    'one attempt at a time',
    withChanges((next) => (next.delivery === null ? next : { ...next, dueAt: next.delivery.claimedAt })),
  ],
  [
    'a failure that is written down as a success',
    'what is delivered has reached the owner',
    withChanges((next) => (next.status === 'failed' ? { ...next, status: 'delivered' } : next)),
  ],
  ['tries that nobody counts', 'no more attempts than the policy allows', withReads((found) => ({ ...found, tries: 0 }))],
  [
    'a payload of somebody else',
    "only with this incarnation's data",
    withReads((found) => ({ ...found, content: { ...found.content, payload: '{}' } })),
  ],
  ['a version that comes twice', 'a version is one content', withChanges((next, previous) => ({ ...next, version: previous.version }))],
  [
    'a call that is made once more, later',
    'never after it was delivered',
    {
      owner: (owner, process) => ({
        ...owner,
        async deliver(call) {
          const result = await owner.deliver(call)
          process.clock.sleepUntil(process.clock.now() + 5000).then(
            () => owner.deliver(call),
            () => undefined,
          )
          return result
        },
      }),
    },
  ],
  [
    'a call that is held up after the last look at the lease',
    'no exchange outlives its lease',
    {
      owner: (owner, process) => ({
        ...owner,
        async deliver(call) {
          await process.clock.sleepUntil(process.clock.now() + 6000)
          return owner.deliver(call)
        },
      }),
    },
  ],
  [
    'a cancel of what is being delivered',
    'only moves that there are',
    withChanges((next) => (next.status === 'scheduled' && next.attempts.length > 0 ? { ...next, status: 'canceled', dueAt: null } : next)),
  ],
  [
    'a repeated request that is not known again',
    'a repeated request is the same schedule',
    {
      store: (store) => ({
        ...store,
        async insert(schedule) {
          const answer = await store.insert(schedule)
          return answer.inserted ? answer : { inserted: false, existing: { ...answer.existing, requestDigest: 'another' } }
        },
      }),
    },
  ],
  [
    'a claim on what is being delivered',
    'no claim while a lease lives',
    withReads((found) => (found.status === 'delivering' ? { ...found, status: 'scheduled' } : found)),
  ],
]

for (const [what, promise, sabotage] of sabotages) {
  await t.test(`${what}: noticed`, async (t) => {
    for (let seed = 1; seed <= mostHistories; seed++) {
      const broken = brokenPromises(await playHistory(seed, undefined, sabotage))
      if (broken.some((each) => each.startsWith(promise))) return t.pass(`in history ${seed}`)
    }
    return t.fail(`not in ${mostHistories} histories`)
  })
}
