// node test/bench/peers.ts [WORD]: Punctual beside what others use for the same, by the same code, in turn. With a word, only the
// measurements, or the contenders, whose titles have it. Needs redis-server and postgresql (Debian's packages, not running), and
// on the first run npm. In full it takes some two hours; --quick only shows that it works.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { machine, withScope } from '../support/proof.ts'
import type { Figures, Measurement } from './beside/measurement.ts'
import { full, quick } from './beside/measurements.ts'
import { type MeasurementResults, medians, type Results, tableOf } from './beside/results.ts'
import { versionsOf } from './beside/versions.ts'
import type { Contender } from './contender.ts'
import { contenders } from './contenders.ts'
import { install } from './peers/install.ts'

const { values, positionals } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    json: { type: 'string' },
  },
  allowPositionals: true,
})
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3))
const word = positionals[0] ?? ''

install()

/** Rejects when somebody wants it to end, so that it tidies up as after any other failure. */
const { promise: interrupted, reject: interrupt } = Promise.withResolvers<never>()
const interruption = new Error('interrupted')
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt(interruption))
interrupted.catch(() => undefined)

async function measureOnce(measurement: Measurement, contender: Contender): Promise<Figures> {
  return withScope((scope) => Promise.race([interrupted, measurement.measure(contender, scope)]))
}

/** All contenders in turn, as often as was asked for, so that a busy minute of the machine is nobody's alone. */
async function measureAll(measurement: Measurement, chosen: readonly Contender[]): Promise<MeasurementResults> {
  const rows = chosen.map((contender) => ({ contender, rounds: [] as Figures[], error: undefined as string | undefined }))
  for (let round = 0; round < rounds; round++) {
    for (const row of rows.filter(({ error }) => error === undefined)) {
      try {
        row.rounds.push(await measureOnce(measurement, row.contender))
      } catch (error) {
        if (error === interruption) throw error
        row.error = String(error)
        process.stderr.write(`${row.contender.title}: ${row.error}\n`)
      }
    }
  }
  const { name, title, columns } = measurement
  return {
    name,
    title,
    columns,
    rows: rows.map(({ contender, rounds, error }) => ({ contender: contender.title, figures: medians(rounds), rounds, error })),
  }
}

/** Whom to measure in this: all, where its own title has the word, or else those whose titles have it. */
function chosenFor({ name, title }: Measurement): Contender[] {
  const measured = contenders.filter(({ measuredIn }) => measuredIn.includes(name))
  return `${name} ${title}`.includes(word) ? measured : measured.filter(({ title }) => title.includes(word))
}

/** @returns whether all went well */
async function measureEverything(measurements: readonly Measurement[]): Promise<boolean> {
  const head = { machine: machine(), versions: await versionsOf(), rounds }
  const versions = Object.entries(head.versions).map((each) => each.join(' '))
  process.stdout.write(`${head.machine}\n${versions.join(', ')}\n`)
  process.stdout.write(`medians of ${rounds} rounds, and as multiples of the first row: ×2 is twice as much\n`)
  const results: MeasurementResults[] = []
  for (const measurement of measurements) {
    const chosen = chosenFor(measurement)
    if (chosen.length === 0) continue
    const measured = await measureAll(measurement, chosen)
    results.push(measured)
    process.stdout.write(`\n${tableOf(measured)}`)
    // After each, lest hours be lost.
    if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ ...head, measurements: results } satisfies Results, null, 2))
  }
  if (results.length === 0) throw new Error(`No measurement and no contender has "${word}" in its title`)
  return results.every(({ rows }) => rows.every(({ error }) => error === undefined))
}

try {
  process.exit((await measureEverything(values.quick ? quick : full)) ? 0 : 1)
} catch (error) {
  if (error !== interruption) throw error
  process.exit(130)
}
