// npm run demo: Punctual, and an application whose posts it publishes, with a page to write them.
import closeWithGrace from 'close-with-grace'
import { startDemo } from './start.ts'

const { PORT = '3000', PUNCTUAL_PORT = '3001' } = process.env
// What is scheduled is delivered to the port that it was scheduled on.
const { DATA_DIR = `data/demo-${PORT}` } = process.env

try {
  const { url, punctualUrl, stop } = await startDemo({ directory: DATA_DIR, port: Number(PORT), punctualPort: Number(PUNCTUAL_PORT) })
  closeWithGrace({ delay: 10_000 }, stop)
  process.stdout.write(`The demonstration of Punctual

  page            ${url}
  punctual        ${punctualUrl}
  kept in         ${DATA_DIR}

Write a post, choose its moment, and watch it appear. Ctrl-C stops both; what is scheduled is there again at the next start.
`)
} catch (error) {
  process.stderr.write(
    `${error instanceof Error ? error.message : String(error)}\nPORT (of the page) and PUNCTUAL_PORT choose other ports.\n`,
  )
  process.exit(1)
}
