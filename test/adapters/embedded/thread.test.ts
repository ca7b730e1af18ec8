import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'

await t.test('without its store a process does not live on: who asked is told, and it ends to be started anew', async (t) => {
  const child = spawn(process.execPath, [new URL('../../support/outliveThread.ts', import.meta.url).pathname], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [output, errors] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const [code] = (await once(child, 'close')) as [number | null]
  t.equal(code, 1)
  t.equal(output, 'unavailable')
  t.match(errors, 'the thread dies')
})
