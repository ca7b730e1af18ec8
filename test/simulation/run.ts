// npm run simulate -- --seed N --histories M: plays the histories N, N + 1, … and checks every promise in each. One that
// breaks a promise is played again, exactly, by its seed alone; with --trace it is told step by step.
import { parseArgs } from 'node:util'
import { machine } from '../support/proof.ts'
import { type History, playHistory } from './history.ts'
import { brokenPromises } from './promises.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    histories: { type: 'string', default: '10000' },
    trace: { type: 'boolean', default: false },
  },
})
const first = Number(values.seed)
const count = Number(values.histories)
const write = values.trace ? (line: string): void => void process.stdout.write(`${line}\n`) : undefined

const totals = new Map<string, number>()
function add(what: string, number = 1): void {
  totals.set(what, (totals.get(what) ?? 0) + number)
}

function tally({ store, owner, callers, troubles, endedAt, startedAt }: History): void {
  add('hours of simulated time', (endedAt - startedAt) / 3_600_000)
  add('changes of records', store.changes.length)
  add('calls to owners', owner.received.length)
  add('answers to callers', callers.told.length)
  for (const [kind, number] of troubles) add(`${kind} faults`, number)
}

let seed = first
let violations = 0
function tell(what: string): void {
  violations++
  if (violations <= 20)
    process.stdout.write(`VIOLATION in history ${seed}: ${what}\n  npm run simulate -- --seed ${seed} --histories 1 --trace\n`)
}
// What nobody waits for must not fail unseen either.
process.on('unhandledRejection', (reason) => tell(`nobody took care of: ${String(reason)}`))

process.stdout.write(`${machine()}\n`)
const begun = performance.now()
for (; seed < first + count; seed++) {
  const history = await playHistory(seed, write)
  tally(history)
  for (const broken of brokenPromises(history)) tell(broken)
  if ((seed - first + 1) % 100_000 === 0)
    process.stdout.write(`${(seed - first + 1).toLocaleString('en')} histories, ${violations} violations\n`)
}
const seconds = Math.round((performance.now() - begun) / 1000)
process.stdout.write(`${count.toLocaleString('en')} histories from seed ${first}, in ${seconds} s\n`)
for (const [what, number] of totals) process.stdout.write(`  ${Math.round(number).toLocaleString('en').padStart(14)}  ${what}\n`)
process.stdout.write(`${violations} violations\n`)
process.exitCode = violations === 0 ? 0 : 1
