import type { Socket } from 'node:net'
import { allOf, type Behaviours } from './behaviour.ts'
import { echoes, says, saysAndResets } from './conduct.ts'

const unasked = 'HTTP/1.1 410 Gone\r\ncontent-length: 7\r\n\r\nunasked'

/** Owners that answer well, and then once more. */
const answeringTwice: Behaviours = allOf(
  { outcome: 'delivered', statusCode: 200, isOwnAnswer: true },
  {
    'a second answer in the same packet': echoes((socket, answer) => void socket.write(answer + unasked)),
    'a second answer right behind': echoes((socket, answer) => void socket.write(answer, () => socket.write(unasked))),
    'a second answer to an idle connection': echoes((socket, answer) => {
      socket.write(answer)
      sayWhenIdle(socket, 20)
    }),
    'half of a second answer': echoes((socket, answer) => void socket.write(answer + unasked.slice(0, 30))),
    'garbage behind the answer': echoes((socket, answer) => void socket.write(`${answer}more of it`)),
  },
)

/** Once the next request is there, it is the answer to that: nobody could tell. */
function sayWhenIdle(socket: Socket, waitMs: number): void {
  const timer = setTimeout(() => socket.write(unasked), waitMs)
  socket.once('data', () => clearTimeout(timer)).on('close', () => clearTimeout(timer))
}

/** Owners that close a connection on which all went well: the next request may just be under way on it, and is made again. */
const closing: Behaviours = allOf(
  { outcome: 'delivered or retry', isOwnAnswer: true },
  {
    'RST behind the answer': echoes((socket, answer) => void socket.write(answer, () => setTimeout(() => socket.resetAndDestroy(), 20))),
    'FIN behind the answer': echoes((socket, answer) => void socket.end(answer)),
  },
)

function redirects(victim: string): Behaviours {
  return Object.fromEntries(
    [301, 302, 303, 307, 308].map((status) => [
      `redirect ${status}`,
      {
        conduct: says(`HTTP/1.1 ${status} Elsewhere\r\nlocation: ${victim}/\r\nrefresh: 0; url=${victim}\r\ncontent-length: 0\r\n\r\n`),
        expected: { outcome: 'retry', statusCode: status, error: /redirects are not followed/ },
      },
    ]),
  )
}

const absurdWishes = {
  'of many digits': '9'.repeat(400),
  negative: '-1',
  'in exponents': '1e308',
  'that is no number': 'NaN',
  'in the year 999999': 'Fri, 31 Dec 999999 23:59:59 GMT',
  'in the past': 'Thu, 01 Jan 1970 00:00:00 GMT',
  'that is nonsense': 'Monday, or so; drop table schedules',
}

const retryAfters: Behaviours = Object.fromEntries(
  Object.entries(absurdWishes).map(([which, value]) => [
    `Retry-After ${which}`,
    {
      conduct: says(`HTTP/1.1 503 Busy\r\nretry-after: ${value}\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n`),
      expected: { outcome: 'retry', statusCode: 503 },
    },
  ]),
)

/** Nobody can say what these mean; but what they say is 200 at most, and never anything else. */
const ambiguous: Behaviours = allOf(
  { outcome: 'delivered or retry' },
  {
    // HTTP lets a server answer before it has read the request; nobody can tell one that does not even wait for it.
    'an answer before the request': (socket) => void socket.resume().write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nearly'),
    'another version of HTTP': says('HTTP/2.0 200 OK\r\ncontent-length: 0\r\n\r\n'),
    // Of an answer that is as long as its connection, the end is a matter of the connection; the status is there.
    'RST in a body without a length': saysAndResets('HTTP/1.1 200 OK\r\n\r\nhalf'),
  },
)

/** Owners that would have the service do what it must not. */
export const misleading = (victim: string): Behaviours => ({
  ...answeringTwice,
  ...closing,
  ...redirects(victim),
  ...retryAfters,
  ...ambiguous,
})
