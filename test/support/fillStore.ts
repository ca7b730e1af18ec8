// A process of its own, for a limit on the size of its files: inserts far too much in one batch, and says what was acknowledged.
import { openEmbeddedStore } from '../../src/adapters/embedded/store.ts'
import { makeSystemClock } from '../../src/adapters/system/clock.ts'
import { makeRecordingObserver } from './observer.ts'
import { newSchedule } from './schedules.ts'

const [directory = ''] = process.argv.slice(2)
const store = await openEmbeddedStore(directory, makeSystemClock(), makeRecordingObserver())
const payload = JSON.stringify('x'.repeat(250_000))
const schedules = Array.from({ length: 300 }, (_, index) => newSchedule({ name: `full-${index}`, content: { payload } }))
const answers = await Promise.allSettled(schedules.map((schedule) => store.insert(schedule)))
const acknowledged = schedules.filter((_, index) => answers[index]?.status === 'fulfilled').map(({ name }) => name)
const again = await Promise.all(acknowledged.map((name) => store.get('blog', name)))
process.stdout.write(JSON.stringify({ acknowledged, missing: acknowledged.filter((_, index) => again[index] === undefined) }))
process.exit()
