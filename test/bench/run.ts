// npm run bench: everything that the README claims about speed, measured on this machine, side by side. Takes about four minutes. With a word,
// only the parts whose titles have it.
import { machine } from '../support/proof.ts'
import { batch } from './batch.ts'
import { creates } from './creates.ts'
import { fairness } from './fairness.ts'
import { lateness } from './lateness.ts'
import { pending } from './pending.ts'

const parts = {
  'Lateness of 1,000 schedules over 10 s, service otherwise idle': lateness,
  'Lateness of one owner while another one hangs': fairness,
  'Durable creates over HTTP, 64 connections, median of 3 rounds of 5 s': creates,
  'Durable creates in batches of 1,000, median of 3 rounds of 100,000': batch,
  'Start with 100,000 pending schedules, median of 3': pending,
}

process.stdout.write(`${machine()}
`)
const wanted = process.argv[2] ?? ''
for (const [title, part] of Object.entries(parts)) {
  if (title.includes(wanted)) process.stdout.write(`\n${title}\n${(await part()).join('\n')}\n`)
}
