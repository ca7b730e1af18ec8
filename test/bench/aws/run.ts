// npm run bench:aws [-- COUNT]: what the README claims of the AWS engine, on stand-ins for AWS on this machine.
import type { Scope } from '../../support/directory.ts'
import { machine } from '../../support/proof.ts'
import { instant } from './instant.ts'
import { scale } from './scale.ts'

const count = Number(process.argv[2] ?? 10_000)

const parts: Readonly<Record<string, (scope: Scope) => Promise<string[]>>> = {
  'Lateness of 1,000 schedules over 10 s, where wake-ups come anywhere in the minute': instant,
  [`${count.toLocaleString('en')} schedules created through two replicas on dynalite, due at 250 a second`]: (scope) => scale(scope, count),
}

process.stdout.write(`${machine()}
`)
for (const [title, part] of Object.entries(parts)) {
  const endings: (() => unknown)[] = []
  try {
    const lines = await part({ teardown: (work) => endings.unshift(work) })
    process.stdout.write(`\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}\n`)
  } finally {
    for (const end of endings) await end()
  }
}
process.exit()
