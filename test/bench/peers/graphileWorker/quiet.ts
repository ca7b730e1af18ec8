import { Logger } from 'graphile-worker'

/** Its default log has a line for each job, which nobody else's has. */
export const quiet = new Logger(() => (level, message) => {
  if (level === 'error') process.stderr.write(`Graphile Worker: ${message}\n`)
})
