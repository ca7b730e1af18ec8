// npm run clocks: clocks that are set, processes that are suspended, moments far ahead. With a word, only the parts whose titles have it; `--short`.
import { prove } from '../support/proof.ts'
import { findLibrary } from '../support/steppedClock.ts'
import { farAhead } from './farAhead.ts'
import { leftBehind } from './leftBehind.ts'
import { clockSteps } from './steps.ts'
import { suspendedProcess } from './suspended.ts'

if (findLibrary() === undefined) {
  process.stderr.write('libfaketime is missing, which sets the clock of the service alone: apt-get install faketime\n')
  process.exit(1)
}

await prove(
  { 'What a process leaves behind whose clock was set back': leftBehind },
  {
    'Far ahead: moments that no timer reaches': farAhead,
    'Clock steps: the wall clock is set by an hour and by a day, forward and back': clockSteps,
    'Suspended process': suspendedProcess,
  },
)
