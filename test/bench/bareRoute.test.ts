import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import t from 'tap'
import { scheduleBody } from './creates.ts'

await t.test('the route that everything is compared with answers as the service does, and refuses what it refuses', async (t) => {
  const child = spawn(process.execPath, [new URL('./bareRoute.ts', import.meta.url).pathname], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill())
  const [address] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const post = (body: string) => fetch(`${address}/schedules`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const response = await post(scheduleBody)
  t.equal(response.status, 201)
  t.match(await response.json(), { status: 'scheduled' })
  t.equal((await post('{"delaySeconds":"7"}')).status, 400)
})
