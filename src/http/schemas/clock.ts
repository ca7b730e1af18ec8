import { Type } from 'typebox'
import { instant, named } from './named.ts'

const yearsOfSeconds = 253_402_300_799

export const ClockState = named(
  'ClockState',
  { now: instant('What it shows.') },
  { description: 'A clock that stands still until it is turned.', examples: [{ now: '2030-12-31T09:00:00.000Z' }] },
)

export const AdvanceClock = named(
  'AdvanceClock',
  {
    to: Type.Optional(Type.String({ maxLength: 64, description: 'The moment to turn it to (RFC 3339 with an offset).' })),
    bySeconds: Type.Optional(Type.Number({ minimum: 0, maximum: yearsOfSeconds, description: 'How far to turn it.' })),
  },
  { description: 'Exactly one of to and bySeconds.', examples: [{ bySeconds: 2_592_000 }, { to: '2030-12-31T09:00:00Z' }] },
)
