import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  InternalServerException,
  ResourceNotFoundException,
  ServiceQuotaExceededException,
  ThrottlingException,
  ValidationException,
} from '@aws-sdk/client-scheduler'
import type { WakeUp } from '../../src/domain/schedule.ts'
import { SimulatedFault } from './faults.ts'
import type { Process, Trouble } from './process.ts'
import type { World } from './world.ts'

/** As much of the SDK's client as the trigger uses. */
export interface SchedulerPort {
  send(command: unknown): Promise<unknown>
}

/** EventBridge Scheduler and the function behind it. */
export interface SimulatedScheduler {
  portOf(process: Process): SchedulerPort
}

/** EventBridge fires somewhere in the minute after the moment asked for. */
const minuteMs = 60_000
const latenessMs = 300_000
/** The function is asked again twice, if nobody has taken its call. */
const functionRetriesMs = [60_000, 120_000]

const metadata = { message: 'simulated', $metadata: { attempts: 1 } }

/** Takes a wake-up to some replica, and tells whether it was taken. */
export type Deliver = (wakeUp: WakeUp, onEnd: (wasTaken: boolean) => void) => void

export function makeSimulatedScheduler(world: World, trouble: Trouble, deliver: Deliver): SimulatedScheduler {
  const { random } = world
  const schedules = new Map<string, CreateScheduleCommandInput>()

  function create(input: CreateScheduleCommandInput): object {
    const name = input.Name ?? ''
    const at = Date.parse(`${(input.ScheduleExpression ?? '').slice('at('.length, -1)}Z`)
    if (at <= world.now()) throw new ValidationException({ ...metadata, Message: '' })
    const existing = schedules.get(name)
    if (existing !== undefined && existing.Target?.Input !== input.Target?.Input) throw new ConflictException({ ...metadata, Message: '' })
    if (existing === undefined) plan(name, input, at)
    schedules.set(name, input)
    return {}
  }

  function plan(name: string, input: CreateScheduleCommandInput, at: number): void {
    if (trouble('lostWakeUp')) return
    const late = trouble('lateWakeUp') ? random.between(0, latenessMs) : 0
    const early = trouble('earlyWakeUp') ? random.between(0, minuteMs) : 0
    const times = trouble('doubledWakeUp') ? 2 : 1
    // Deleted schedules may be on their way already.
    const isUnstoppable = times === 2
    for (let time = 0; time < times; time++) {
      world.after(at - world.now() + random.between(0, minuteMs) + late - early, () => {
        if (schedules.delete(name) || isUnstoppable) invoke(input, 0)
      })
    }
  }

  function invoke(input: CreateScheduleCommandInput, retries: number): void {
    world.note(() => `EventBridge fires ${input.Name}`)
    deliver(wakeUpOf(input), (wasTaken) => {
      const pauseMs = functionRetriesMs[retries]
      if (!wasTaken && pauseMs !== undefined) world.after(pauseMs, () => invoke(input, retries + 1))
    })
  }

  function answer(command: unknown): unknown {
    if (command instanceof CreateScheduleCommand) return create(command.input)
    if (command instanceof DeleteScheduleCommand) {
      if (!schedules.delete(command.input.Name ?? '')) throw new ResourceNotFoundException({ ...metadata, Message: '' })
      return {}
    }
    if (command instanceof GetScheduleCommand) {
      const found = schedules.get(command.input.Name ?? '')
      if (found === undefined) throw new ResourceNotFoundException({ ...metadata, Message: '' })
      return found
    }
    throw new Error('an operation that the trigger does not use')
  }

  return {
    portOf: (process) => ({
      send: (command) =>
        process.ask(
          () => {
            if (trouble('triggerRefusal')) throw random.pick(refusals)()
            const answered = answer(command)
            if (trouble('lostAnswer')) throw new SimulatedFault('the answer is lost')
            return answered
          },
          random.between(1, 30),
        ),
    }),
  }
}

const refusals = [
  () => new ThrottlingException({ ...metadata, Message: '' }),
  () => new ServiceQuotaExceededException({ ...metadata, Message: '' }),
  () => new InternalServerException({ ...metadata, Message: '' }),
]

/** As the function reads it: the job's own URL and incarnation. */
function wakeUpOf(input: CreateScheduleCommandInput): WakeUp {
  const { url, id } = JSON.parse(input.Target?.Input ?? '{}') as { url: string; id: string }
  const [, , application = '', name = ''] = new URL(url).pathname.split('/').map(decodeURIComponent)
  return { application, name, id }
}
