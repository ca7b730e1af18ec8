import { Type } from 'typebox'
import { exampleBatchResult } from '../examples.ts'
import { named, ref } from './named.ts'
import { Problem } from './problem.ts'
import { Schedule } from './schedule.ts'

export const Canceled = named(
  'Canceled',
  {
    canceled: Type.Integer({ minimum: 0, description: 'How many were scheduled, and are canceled now.' }),
    skipped: Type.Integer({ minimum: 0, description: 'How many were not scheduled: being delivered, or finished.' }),
  },
  { examples: [{ canceled: 3, skipped: 1 }] },
)

export const BatchItemResult = named(
  'BatchItemResult',
  {
    status: Type.Integer({ description: 'The status that POST /schedules would have answered with.' }),
    schedule: Type.Optional(ref(Schedule)),
    problem: Type.Optional(ref(Problem)),
    name: Type.Optional(Type.String({ description: 'With Prefer: return=minimal, in the place of the schedule.' })),
    id: Type.Optional(Type.String({ description: 'With Prefer: return=minimal, in the place of the schedule.' })),
  },
  { description: 'Either the schedule, or what is wrong with the item.' },
)

export const BatchResult = named(
  'BatchResult',
  { results: Type.Array(ref(BatchItemResult), { description: 'One for each item, in their order.' }) },
  { examples: [exampleBatchResult] },
)
