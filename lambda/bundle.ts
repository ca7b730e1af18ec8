import { join } from 'node:path'
import { buildSync } from 'esbuild'

/**
 * Bundles the handler to a single file, `index.mjs`, without anything from outside.
 *
 * @param directory where to
 * @returns its size, in bytes
 */
export function bundleHandler(directory: string): number {
  const { metafile } = buildSync({
    entryPoints: [join(import.meta.dirname, 'handler.ts')],
    outfile: join(directory, 'index.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    legalComments: 'none',
    metafile: true,
  })
  return Object.values(metafile.outputs).reduce((bytes, output) => bytes + output.bytes, 0)
}
