import { Type } from 'typebox'
import { exampleDelivered } from '../examples.ts'
import { named, oneOf } from './named.ts'

export const WakeUp = named(
  'WakeUp',
  { id: Type.String({ minLength: 1, maxLength: 64, description: 'The incarnation of the name that is to be looked at.' }) },
  { examples: [{ id: exampleDelivered.id }] },
)

export const WakeUpTaken = named(
  'WakeUpTaken',
  { result: oneOf(['taken', 'finished', 'replaced', 'being_delivered', 'too_early']) },
  { examples: [{ result: 'taken' }] },
)
