import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'

const page = join(import.meta.dirname, 'page')
const root = join(import.meta.dirname, '../..')

/** The files of the console, as they are served: their names, and what is in them. The same sources make the same bytes. */
export function bundleConsole(): Readonly<Record<string, string>> {
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: { console: join(page, 'main.tsx'), 'console.style': join(page, 'console.css') },
    outdir: page,
    entryNames: '[name]',
    bundle: true,
    write: false,
    format: 'esm',
    target: ['chrome123', 'firefox128', 'safari17.5'],
    minify: true,
    charset: 'utf8',
    // In a file of their own.
    legalComments: 'none',
    metafile: true,
  })
  const [script, style] = ['.js', '.css'].map((ending) => outputFiles.find(({ path }) => path.endsWith(ending))?.text)
  if (script === undefined || style === undefined) throw new Error('the bundle is not complete')
  return {
    'index.html': readFileSync(join(page, 'index.html'), 'utf8'),
    'console.js': script,
    'console.css': style,
    'licenses.txt': licensesOf(Object.keys(metafile.inputs)),
  }
}

/** What the packages in a bundle want to be said wherever it goes. */
function licensesOf(inputs: readonly string[]): string {
  const packages = new Set(inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []))
  return [...packages]
    .toSorted()
    .map((name) => {
      const directory = join(root, 'node_modules', name)
      const file = readdirSync(directory).find((file) => /^licen[cs]e/i.test(file))
      if (file === undefined) throw new Error(`${name} has no license`)
      return `${name}\n\n${readFileSync(join(directory, file), 'utf8').trim()}\n`
    })
    .join('\n---\n\n')
}
