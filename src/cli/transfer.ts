import { createReadStream, createWriteStream, existsSync, renameSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { StartRefused } from '../domain/errors.ts'
import type { Engine } from '../domain/ports.ts'
import type { Schedule } from '../domain/schedule.ts'
import { eachOf } from '../usecases/eachOf.ts'
import { exportSchedules, makeImportSchedule } from '../usecases/transfer.ts'
import { checkHeader, formatEnd, formatRecord, header, parseEnd, parseRecord } from './recordLine.ts'

/** So many lines are taken over together. */
const linesAtOnce = 1000

/** As many at once of an engine that does not mind how many. */
const mostAtOnce = 1000

/**
 * Writes every schedule as a line of JSON, to a file or to standard output.
 *
 * @returns how many
 */
export async function exportTo(file: string | undefined, { store }: Pick<Engine, 'store'>): Promise<number> {
  let count = 0
  async function* lines(): AsyncGenerator<string> {
    yield `${JSON.stringify(header)}\n`
    for await (const schedule of exportSchedules(store)) {
      count++
      yield `${formatRecord(schedule)}\n`
    }
    yield `${formatEnd(count)}\n`
  }
  if (file === undefined) {
    await pipeline(Readable.from(lines()), process.stdout, { end: false })
    return count
  }
  if (existsSync(file)) throw new StartRefused(`${file} is there already. An export is never written over another file.`)
  // Written aside, so that half of one is never taken for all.
  const draft = `${file}.unfinished`
  await pipeline(Readable.from(lines()), createWriteStream(draft, { mode: 0o600, flush: true }))
  renameSync(draft, file)
  return count
}

export interface ImportResult {
  readonly added: number
  /** That had been taken over before. */
  readonly there: number
  /** Whose schedules they are. */
  readonly applications: ReadonlySet<string>
  /** What could not be taken over, by line. */
  readonly problems: readonly string[]
}

/**
 * Takes over what `exportTo` has written, from a file or from standard input. What is wrong with one line keeps no other
 * from being taken over; done again, it goes on.
 *
 * @throws StartRefused where it is no export
 */
export async function importFrom(
  file: string | undefined,
  engine: Pick<Engine, 'store' | 'trigger' | 'createsAtOnce'>,
): Promise<ImportResult> {
  const importSchedule = makeImportSchedule(engine)
  const counts = { added: 0, there: 0 }
  const applications = new Set<string>()
  const problems: string[] = []

  async function takeOver(lines: readonly Line[]): Promise<void> {
    const results = await eachOf(lines, Math.min(engine.createsAtOnce, mostAtOnce), ({ schedule }) => importSchedule(schedule))
    results.forEach((result, index) => {
      const where = `line ${lines[index]?.number}: the schedule ${lines[index]?.schedule.name} of ${lines[index]?.schedule.application}`
      if (result.status === 'rejected') problems.push(`${where} could not be taken over: ${messageOf(result.reason)}`)
      else if (result.value === 'in_use') problems.push(`${where} is another one here, or has gone on since.`)
      else counts[result.value]++
    })
  }

  if (file !== undefined && !existsSync(file)) throw new StartRefused(`There is no ${file}.`)
  const input = file === undefined ? process.stdin : createReadStream(file)
  let waiting: Line[] = []
  let number = 0
  let end: number | undefined
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    if (number === 1) refuseOthers(text)
    else if (parseEnd(text) !== undefined) end = parseEnd(text)
    else if (text !== '') {
      try {
        const schedule = parseRecord(text)
        applications.add(schedule.application)
        waiting.push({ number, schedule })
      } catch (error) {
        problems.push(`line ${number}: ${messageOf(error)}`)
      }
    }
    if (waiting.length === linesAtOnce) {
      await takeOver(waiting)
      waiting = []
    }
  }
  if (number === 0) refuseOthers(undefined)
  await takeOver(waiting)
  const found = counts.added + counts.there + problems.length
  if (end === undefined) problems.push('It ends without a last line: the export was broken off, or cut.')
  else if (end > found) problems.push(`There should be ${end} schedules in it, and there are ${found}.`)
  return { ...counts, applications, problems }
}

interface Line {
  readonly number: number
  readonly schedule: Schedule
}

function refuseOthers(firstLine: string | undefined): void {
  try {
    checkHeader(firstLine)
  } catch (error) {
    throw new StartRefused(`What is to be imported cannot be: ${messageOf(error)}.`)
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
