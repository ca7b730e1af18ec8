import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { errors, operations, problemsOf } from './schedulerModel.ts'

type ErrorName = keyof typeof errors

/** A schedule as it was asked for. */
export interface AskedFor {
  readonly Name: string
  readonly GroupName: string
  readonly ScheduleExpression: string
  readonly ClientToken: string
  readonly ActionAfterCompletion: string
  readonly Target: { readonly Arn: string; readonly RoleArn: string; readonly Input: string }
}

interface Options {
  readonly groups: readonly string[]
  /** Invokes the target, asynchronously as Lambda does: it returns at once. */
  readonly invoke: (input: string) => void
  /** EventBridge fires somewhere in this time after the moment asked for: a minute. */
  readonly minuteMs?: number
  /** In [0, 1): where in the minute. */
  readonly random?: () => number
  /** Completed schedules are deleted this long after they fired. */
  readonly deletionMs?: number
}

/** What goes wrong from now on. */
export interface Faults {
  /** The next requests of any kind are refused with this error; `count` of them. */
  refuse(error: ErrorName, count: number): void
  /** The next requests are carried out, but their answers are lost. */
  loseAnswers(count: number): void
  /** The next requests are neither carried out nor answered. */
  stall(count: number): void
  /** What the client tokens were for is forgotten, as it is after a while. */
  forgetTokens(): void
  /** How often a schedule fires: 1 by default; 0: never. */
  fireTimes(times: number): void
  /** Deleted schedules fire all the same. */
  fireDeleted(): void
}

/** A Scheduler on a real socket, which answers as AWS's model says, and does fire. */
export interface TestScheduler extends Faults {
  readonly endpoint: string
  /** The schedules that there are. */
  readonly schedules: ReadonlyMap<string, AskedFor>
  /** Every request that came, as `CreateSchedule`, in order. */
  readonly requests: readonly (keyof typeof operations)[]
  /** How long after the moment asked for each fired, in milliseconds. */
  readonly firedAfterMs: readonly number[]
  waitForRequests(operation: keyof typeof operations, count: number): Promise<void>
  close(): Promise<void>
}

class Refusal extends Error {
  readonly error: ErrorName
  constructor(error: ErrorName, message: string) {
    super(message)
    this.error = error
  }
}

/**
 * EventBridge Scheduler, as far as Punctual uses it: validation by the model, ClientToken, conflicts, missing groups, firing
 * within a minute, deletion after completion; and everything that can go wrong.
 */
export async function startScheduler(options: Options): Promise<TestScheduler> {
  const { groups, invoke, minuteMs = 60_000, random = Math.random, deletionMs = 50 } = options
  const schedules = new Map<string, AskedFor>()
  const tokens = new Map<string, string>()
  const timers = new Set<NodeJS.Timeout>()
  const requests: (keyof typeof operations)[] = []
  const events = new EventEmitter().setMaxListeners(0)
  let refusals: { error: ErrorName; count: number } | undefined
  let answersToLose = 0
  const firedAfterMs: number[] = []
  let toStall = 0
  let times = 1
  let firesDeleted = false

  function after(ms: number, work: () => void): void {
    // Longer timers would fire at once; no test lives that long.
    if (ms > 2 ** 31 - 1) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, ms)
    timers.add(timer)
  }

  function create(input: AskedFor): object {
    const { Name, ClientToken, ScheduleExpression } = input
    const at = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$/.exec(ScheduleExpression)?.[1]
    const instant = Date.parse(`${at}Z`)
    if (Number.isNaN(instant)) throw new Refusal('ValidationException', `Invalid Schedule Expression ${ScheduleExpression}.`)
    if (instant <= Date.now()) throw new Refusal('ValidationException', 'The schedule expression is in the past.')
    const content = JSON.stringify(input)
    const answer = { ScheduleArn: `arn:aws:scheduler:eu-west-1:123456789012:schedule/${input.GroupName}/${Name}` }
    if (tokens.get(ClientToken) === content) return answer
    if (schedules.has(Name)) throw new Refusal('ConflictException', `Schedule ${Name} already exists.`)
    schedules.set(Name, input)
    tokens.set(ClientToken, content)
    after(instant - Date.now() + random() * minuteMs, () => {
      firedAfterMs.push(Date.now() - instant)
      fire(input)
    })
    return answer
  }

  function fire(input: AskedFor): void {
    if (times === 0 || (!schedules.has(input.Name) && !firesDeleted)) return
    for (let time = 0; time < times; time++) invoke(input.Target.Input)
    if (input.ActionAfterCompletion === 'DELETE') after(deletionMs, () => schedules.delete(input.Name))
  }

  function find(Name: string): AskedFor {
    const found = schedules.get(Name)
    if (found === undefined) throw new Refusal('ResourceNotFoundException', `Schedule ${Name} does not exist.`)
    return found
  }

  function carryOut(operation: keyof typeof operations, input: AskedFor): object {
    if (refusals !== undefined && refusals.count > 0) {
      refusals.count--
      throw new Refusal(refusals.error, 'injected')
    }
    const [problem] = problemsOf(operations[operation].input, input)
    if (problem !== undefined) throw new Refusal('ValidationException', problem)
    if (!groups.includes(input.GroupName))
      throw new Refusal('ResourceNotFoundException', `Schedule group ${input.GroupName} does not exist.`)
    if (operation === 'CreateSchedule') return create(input)
    const found = find(input.Name)
    if (operation === 'GetSchedule') return found
    schedules.delete(input.Name)
    return {}
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://scheduler')
    const operation = Object.entries(operations).find(([, { method }]) => method === request.method)?.[0] as keyof typeof operations
    const Name = /^\/schedules\/([^/]+)$/.exec(decodeURIComponent(url.pathname))?.[1]
    const fromQuery = {
      GroupName: url.searchParams.get('groupName') ?? undefined,
      ClientToken: url.searchParams.get('clientToken') ?? undefined,
    }
    const body = Buffer.concat(await request.toArray()).toString()
    const input = operation === 'CreateSchedule' ? { ...(JSON.parse(body) as object), Name } : { ...fromQuery, Name }
    if (toStall > 0) {
      toStall--
      requests.push(operation)
      events.emit('request')
      return
    }
    let status = 200
    let answer: object
    try {
      answer = carryOut(operation, (operation === 'GetSchedule' ? { GroupName: fromQuery.GroupName, Name } : input) as AskedFor)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      status = errors[error.error].status
      response.setHeader('x-amzn-errortype', error.error)
      answer = { Message: error.message }
    }
    requests.push(operation)
    events.emit('request')
    if (answersToLose > 0) {
      answersToLose--
      response.destroy()
      return
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    schedules,
    requests,
    firedAfterMs,
    refuse(error, count) {
      refusals = { error, count }
    },
    loseAnswers(count) {
      answersToLose = count
    },
    stall(count) {
      toStall = count
    },
    forgetTokens: () => tokens.clear(),
    fireTimes(count) {
      times = count
    },
    fireDeleted() {
      firesDeleted = true
    },
    async waitForRequests(operation, count) {
      while (requests.filter((each) => each === operation).length < count) await once(events, 'request')
    },
    async close() {
      for (const timer of timers) clearTimeout(timer)
      server.close()
      server.closeAllConnections()
    },
  }
}
