import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { bundleConsole } from '../../src/console/bundle.ts'

const dist = new URL('../../src/console/dist/', import.meta.url)

await t.test('the console that is served is what its sources make: else run "npm run build:console"', async (t) => {
  const bundle = bundleConsole()
  t.same(readdirSync(dist).toSorted(), Object.keys(bundle).toSorted())
  for (const [name, content] of Object.entries(bundle)) t.ok(readFileSync(new URL(name, dist), 'utf8') === content, name)
})

await t.test('it brings the licenses of all that is in it', async (t) => {
  const { 'licenses.txt': licenses = '' } = bundleConsole()
  for (const name of ['@preact/signals', 'openapi-fetch', 'preact', 'uplot']) t.match(licenses, new RegExp(`^${name}$`, 'm'))
})
