// The process that loads a contender: its `client.ts`, and the loops around it.
import type { OpenClient } from '../contender.ts'
import { makeLoads } from './loads.ts'
import { serve, settings } from './serve.ts'

const [driver, told] = settings as [string, unknown]
const { open } = (await import(driver)) as { open: OpenClient<unknown> }
const client = await open(told)
serve({ ...makeLoads(client) }, () => client.close())
