import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Proof } from '../support/proof.ts'
import { type Besieged, keys } from './besieged.ts'
import { memoryOf } from './processLook.ts'
import { open, type RawAnswer, read } from './rawHttp.ts'

const megabyte = 1024 * 1024
const atOnce = 1000
/** What it may grow by, in MB: 1,000 buffered bodies of 1 MB would be a thousand. */
const growthMb = 250

const head = (framing: string): string =>
  `POST /schedules HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys.blog}\r\ncontent-type: application/json\r\n${framing}\r\n\r\n`

/** Bodies that are larger than any schedule: refused by 413, and not kept. */
export async function bodyBombs({ service: { url, pid } }: Besieged): Promise<Proof> {
  const before = memoryOf(pid)
  const chunk = Buffer.alloc(64 * 1024, ' ')
  const asChunk = Buffer.concat([Buffer.from('10000\r\n'), chunk, Buffer.from('\r\n')])
  const announced = await pour(url, head('content-length: 10000000000'), chunk)
  const endless = await pour(url, head('transfer-encoding: chunked'), asChunk)
  const body = Buffer.alloc(megabyte, ' ')
  const many = await Promise.all(
    Array.from({ length: atOnce }, async () => answerTo(await open(url), head(`content-length: ${megabyte}`), body)),
  )
  const after = memoryOf(pid)
  const refused = many.filter((answer) => answer?.status === 413 && answer.body.includes('payload_too_large')).length
  const violations = refused === atOnce ? [] : [`${atOnce - refused} of ${atOnce} bodies of 1 MB were not answered 413`]
  // Who goes on sending may miss the answer: then all that there is to see is the end of the connection.
  for (const { answer, sentMb } of [announced, endless]) {
    if (sentMb > 64 || (answer !== undefined && answer.status !== 413))
      violations.push(`${answer?.status} after ${sentMb} MB of a body without end`)
  }
  if (after.peak - before.now > growthMb) violations.push(`body bombs took the memory from ${before.now} to ${after.peak} MB`)
  return {
    figures: [
      `a body of 10 GB announced: refused with ${announced.sentMb} MB sent; an endless one: with ${endless.sentMb} MB; ${refused} of ${atOnce} of 1 MB at once answered 413; resident memory ${before.now} MB before, ${after.peak} MB at most`,
    ],
    violations,
  }
}

/** Sends more and more until there is an answer. */
async function pour(url: string, first: string, chunk: Buffer): Promise<{ answer: RawAnswer | undefined; sentMb: number }> {
  const socket = await open(url)
  const answered = read(socket, false)
  const over = new AbortController()
  void answered.finally(() => over.abort()).catch(() => undefined)
  socket.write(first)
  while (!over.signal.aborted && socket.writable) {
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), answered]).catch(() => undefined)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { answer } = await answered
  const sentMb = Math.round(socket.bytesWritten / megabyte)
  socket.destroy()
  return { answer, sentMb }
}

async function answerTo(socket: Socket, first: string, body: Buffer): Promise<RawAnswer | undefined> {
  const answered = read(socket, false)
  socket.write(first)
  socket.write(body)
  const { answer } = await answered
  socket.destroy()
  return answer
}
