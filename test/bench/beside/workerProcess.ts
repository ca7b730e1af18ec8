// The process that does a contender's jobs: its `worker.ts`, and the HTTP calls.
import type { Work } from '../contender.ts'
import { makeDeliver } from './deliver.ts'
import { serve, settings } from './serve.ts'

const [driver, told] = settings as [string, unknown]
const { work } = (await import(driver)) as { work: Work<unknown> }
const close = await work(told, makeDeliver())
serve({}, close)
