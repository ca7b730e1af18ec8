// npm run bench: everything that the README claims about speed, measured on this machine, side by side. Takes about three minutes.
import { cpus, release } from 'node:os'
import { creates } from './creates.ts'
import { fairness } from './fairness.ts'
import { lateness } from './lateness.ts'
import { pending } from './pending.ts'

const parts = {
  'Lateness of 1,000 schedules over 10 s, service otherwise idle': lateness,
  'Lateness of one owner while another one hangs': fairness,
  'Durable creates over HTTP, 64 connections, median of 3 rounds of 5 s': creates,
  'Start with 100,000 pending schedules, median of 3': pending,
}

const [processor] = cpus()
process.stdout.write(
  `${new Date().toISOString().slice(0, 10)}, Node.js ${process.versions.node}, Linux ${release()}, ${cpus().length} × ${processor?.model.trim()}\n`,
)
for (const [title, part] of Object.entries(parts)) process.stdout.write(`\n${title}\n${(await part()).join('\n')}\n`)
