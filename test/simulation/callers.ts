import { AppError } from '../../src/domain/errors.ts'
import type { Schedule } from '../../src/domain/schedule.ts'
import type { ChangeRequest } from '../../src/usecases/changeSchedule.ts'
import { type CreateRequest, ifExistsChoices } from '../../src/usecases/createSchedule.ts'
import type { When } from '../../src/usecases/moment.ts'
import type { Random } from './random.ts'
import type { Replica } from './replica.ts'
import type { World } from './world.ts'

/** What a caller asked for. */
export type Wish =
  | { readonly kind: 'create'; readonly request: CreateRequest }
  | { readonly kind: 'createTogether'; readonly application: string; readonly requests: readonly CreateRequest[] }
  | { readonly kind: 'change'; readonly request: ChangeRequest }
  | { readonly kind: 'run'; readonly application: string; readonly name: string }
  | { readonly kind: 'cancel'; readonly application: string; readonly name: string }
  | { readonly kind: 'cancelAll'; readonly application: string; readonly prefix: string }

/** What a caller was told; who hears nothing knows nothing. Times are true ones. */
export type Answer =
  | { readonly kind: 'created'; readonly schedule: Schedule; readonly isNew: boolean; readonly request: CreateRequest }
  | { readonly kind: 'changed'; readonly schedule: Schedule; readonly request: ChangeRequest }
  | { readonly kind: 'set running'; readonly schedule: Schedule }
  | { readonly kind: 'canceled'; readonly schedule: Schedule }
  | { readonly kind: 'canceled all'; readonly application: string; readonly prefix: string }
  | { readonly kind: 'refused'; readonly code: string }

export interface Told {
  readonly wish: Wish
  readonly sentAt: number
  readonly at: number
  readonly answer: Answer
}

export interface Callers {
  readonly wishes: readonly Wish[]
  readonly told: readonly Told[]
  /** How many calls are neither answered nor given up. */
  underWay(): number
  start(): void
}

interface Options {
  readonly world: World
  readonly applications: readonly string[]
  readonly count: number
  /** Wishes are made for so long, in milliseconds. */
  readonly duringMs: number
  readonly pickReplica: () => Replica | undefined
}

const names = ['a', 'ab', 'b']
/** Who has heard nothing for so long gives up, or asks again. */
const patienceMs = 10_000

/** Callers that create, change, run and cancel a few names, at random moments, through whichever replica there is. */
export function makeCallers({ world, applications, count, duringMs, pickReplica }: Options): Callers {
  const { random } = world
  const wishes: Wish[] = []
  const told: Told[] = []
  const creates: CreateRequest[] = []
  let underWay = 0
  let tokens = 0

  function newRequest(application: string): CreateRequest {
    const token = ++tokens
    const request: CreateRequest = {
      application,
      name: random.chance(0.85) ? random.pick(names) : undefined,
      when: newMoment(world),
      expiresAfterMs: random.chance(0.15) ? random.between(1, 20_000) : undefined,
      content: contentOf(token, random),
      ifExists: random.chance(0.5) ? 'fail' : random.pick(ifExistsChoices),
      digest: String(token),
    }
    creates.push(request)
    return request
  }

  function newWish(): Wish {
    const application = random.pick(applications)
    const name = random.pick(names)
    const choice = random.next()
    if (choice < 0.35) return { kind: 'create', request: newRequest(application) }
    if (choice < 0.45 && creates.length > 0) return { kind: 'create', request: random.pick(creates) }
    if (choice < 0.52) {
      const requests = Array.from({ length: random.between(1, 5) }, () => newRequest(application))
      return { kind: 'createTogether', application, requests }
    }
    if (choice < 0.72) return { kind: 'change', request: newChange(application, name) }
    if (choice < 0.8) return { kind: 'run', application, name }
    if (choice < 0.96) return { kind: 'cancel', application, name }
    return { kind: 'cancelAll', application, prefix: random.pick(['a', 'b', '']) }
  }

  function newChange(application: string, name: string): ChangeRequest {
    const token = ++tokens
    const seen = random.chance(0.2) ? told.findLast(({ answer }) => 'schedule' in answer && answer.schedule.name === name) : undefined
    const version = seen !== undefined && 'schedule' in seen.answer ? seen.answer.schedule.version : undefined
    return {
      application,
      name,
      when: random.chance(0.7) ? newMoment(world) : undefined,
      expiresAfterMs: random.chance(0.1) ? random.pick([null, random.between(1, 20_000)]) : undefined,
      content: random.chance(0.5) ? { payload: contentOf(token, random).payload } : {},
      isExpected: version === undefined ? undefined : (schedule) => schedule.version === version,
    }
  }

  function make(wish: Wish, isRepeated: boolean): void {
    const replica = pickReplica()
    if (replica === undefined) {
      // Nobody is there: as every caller does, it tries again.
      world.after(500, () => make(wish, isRepeated))
      return
    }
    wishes.push(wish)
    const sentAt = world.now()
    world.note(() => `a caller asks ${replica.process.name}: ${describe(wish)}`)
    let isOver = false
    const end = (answers: readonly Answer[]): void => {
      if (isOver) return
      isOver = true
      underWay--
      for (const answer of answers) {
        told.push({ wish, sentAt, at: world.now(), answer })
        world.note(() => `a caller is told: ${describeAnswer(answer)}`)
      }
    }
    grant(replica, wish).then(end, (error: unknown) => end([refused(error)]))
    world.after(patienceMs, () => {
      if (isOver) return
      end([])
      if (!isRepeated && random.chance(0.5)) repeat(wish)
    })
  }

  function repeat(wish: Wish): void {
    underWay++
    make(wish, true)
  }

  return {
    wishes,
    told,
    underWay: () => underWay,
    start() {
      underWay = count
      for (let index = 0; index < count; index++) world.after(random.between(0, duringMs), () => make(newWish(), false))
    },
  }
}

async function grant(replica: Replica, wish: Wish): Promise<Answer[]> {
  switch (wish.kind) {
    case 'create': {
      const { created, schedule } = await replica.createSchedule(wish.request)
      return [{ kind: 'created', schedule, isNew: created, request: wish.request }]
    }
    case 'createTogether': {
      const results = await replica.createSchedules(wish.application, wish.requests)
      return results.map((result, index) =>
        result.status === 'rejected'
          ? refused(result.reason)
          : {
              kind: 'created',
              schedule: result.value.schedule,
              isNew: result.value.created,
              request: wish.requests[index] as CreateRequest,
            },
      )
    }
    case 'change':
      return [{ kind: 'changed', schedule: await replica.changeSchedule(wish.request), request: wish.request }]
    case 'run':
      return [{ kind: 'set running', schedule: await replica.runSchedule(wish.application, wish.name) }]
    case 'cancel':
      return [{ kind: 'canceled', schedule: await replica.cancelSchedule(wish.application, wish.name) }]
    default:
      await replica.cancelSchedules(wish.application, wish.prefix)
      return [{ kind: 'canceled all', application: wish.application, prefix: wish.prefix }]
  }
}

/** Anything but an AppError is a bug, and is for the history's checks to see. */
function refused(error: unknown): Answer {
  return { kind: 'refused', code: error instanceof AppError ? error.code : `bug: ${String(error)}` }
}

function newMoment({ random, now }: World): When {
  const delayMs = random.between(-1000, random.pick([2000, 20_000, 200_000]))
  return random.chance(0.5) ? { delaySeconds: Math.max(0, delayMs) / 1000 } : { at: now() + delayMs, timeZone: null }
}

function contentOf(token: number, random: Random): CreateRequest['content'] {
  return {
    target: { url: 'http://owner/', method: 'POST', headers: {} },
    payload: JSON.stringify({ token, filling: random.chance(0.1) ? 'x'.repeat(3000) : '' }),
    retry: { maxAttempts: random.between(1, 5), initialDelaySeconds: random.between(1, 5), maxDelaySeconds: 10 },
    traceparent: null,
  }
}

function describe(wish: Wish): string {
  return JSON.stringify(wish, (key, value: unknown) => (key === 'content' || key === 'isExpected' ? undefined : value))
}

function describeAnswer(answer: Answer): string {
  if (!('schedule' in answer)) return JSON.stringify(answer)
  const { name, id, version, status } = answer.schedule
  return `${answer.kind}: ${name} ${id} v${version} ${status}`
}
