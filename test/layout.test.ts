import { readdirSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import t from 'tap'

const src = resolve(import.meta.dirname, '../src')

/** What a folder of src may import besides itself: other folders, and packages. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  usecases: ['domain'],
  http: ['usecases', 'domain'],
  delivery: ['domain'],
  config: ['delivery', 'domain'],
  cli: ['config', 'usecases', 'domain'],
  'adapters/embedded': ['domain'],
  'adapters/aws': ['domain'],
  'adapters/system': ['domain'],
  observability: ['usecases', 'domain'],
  console: [],
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file))

function folderOf(file: string): string {
  return Object.keys(mayImport).find((folder) => file.startsWith(folder + sep)) ?? ''
}

function importsOf(file: string): string[] {
  const text = readFileSync(resolve(src, file), 'utf8')
  return [...text.matchAll(/(?<!')(?:from|import\(|import) ?'([^']+)'/g)].map((match) => match[1] ?? '')
}

await t.test('every file of src lies in a folder of the layout', async (t) => {
  const top = files.filter((file) => folderOf(file) === '')
  t.same(top.toSorted(), ['cli.ts', 'compose.ts', 'config.ts', 'engines.ts', 'greeting.ts', 'main.ts', 'version.ts'])
})

await t.test('no import points against the layout', async (t) => {
  for (const file of files.filter((file) => folderOf(file) !== '')) {
    const folder = folderOf(file)
    for (const specifier of importsOf(file).filter((specifier) => specifier.startsWith('.') && !specifier.endsWith('.d.ts'))) {
      const target = folderOf(relative(src, resolve(src, dirname(file), specifier)))
      t.ok(target === folder || mayImport[folder]?.includes(target), `${file} imports ${specifier}`)
    }
  }
})

/** Stands in for what the language itself will have. */
const languagesOwn = new Set(['temporal-polyfill'])

await t.test('the domain and the use cases import no package and nothing of Node', async (t) => {
  for (const file of files.filter((file) => ['domain', 'usecases'].includes(folderOf(file)))) {
    t.same(
      importsOf(file).filter((specifier) => !specifier.startsWith('.') && !languagesOwn.has(specifier)),
      [],
      file,
    )
  }
})

await t.test('only the composition root, and its part that opens engines, imports adapters', async (t) => {
  const importers = files.filter(
    (file) => !file.startsWith('adapters') && importsOf(file).some((specifier) => specifier.includes('/adapters/')),
  )
  t.same(importers.toSorted(), ['compose.ts', 'engines.ts'])
})

await t.test('the console takes its own packages, and of the service nothing but the types of its API', async (t) => {
  const page = files.filter((file) => file.startsWith(`console${sep}page`))
  t.ok(page.length > 0)
  const packages = page.flatMap((file) => importsOf(file).filter((specifier) => !specifier.startsWith('.')))
  t.same(new Set(packages), new Set(['preact', 'preact/hooks', '@preact/signals', 'uplot', 'openapi-fetch']))
  for (const file of page) {
    const outside = importsOf(file).filter((specifier) => !resolve(src, dirname(file), specifier).startsWith(resolve(src, 'console/page')))
    for (const specifier of outside.filter((specifier) => specifier.startsWith('.'))) {
      t.match(specifier, /\/openapi\/openapi\.d\.ts$/, file)
      t.match(readFileSync(resolve(src, file), 'utf8'), new RegExp(`import type \\{ \\w+ \\} from '${specifier}'`), file)
    }
  }
})

const root = resolve(src, '..')

function importsBelow(folder: string): string[] {
  const files = readdirSync(resolve(root, folder)).filter((file) => file.endsWith('.ts'))
  return files.flatMap((file) =>
    [...readFileSync(resolve(root, folder, file), 'utf8').matchAll(/(?:from|import\() ?'(\.\.\/[^']+)'/g)].map((match) => match[1] ?? ''),
  )
}

await t.test('infra takes the shape of the table and the bundle of the function, and nothing else of the service', async (t) => {
  t.same(new Set(importsBelow('infra')), new Set(['../lambda/bundle.ts', '../src/adapters/aws/table.ts']))
})

await t.test('lambda takes nothing of the service', async (t) => {
  t.same(importsBelow('lambda'), [])
})

await t.test('the shape of the table takes nothing at all, so that infra takes no SDK', async (t) => {
  t.same(importsOf('adapters/aws/table.ts'), [])
})
