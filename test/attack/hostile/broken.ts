import { allOf, type Behaviours } from './behaviour.ts'
import { saysAndEnds, saysAndResets, whenAsked } from './conduct.ts'

/** Beginnings of answers that are not complete. */
const beginnings = {
  'in the status line': 'HTTP/1.1 20',
  'in the headers': 'HTTP/1.1 200 OK\r\ncontent-le',
  'in a body with a length': 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf',
  'in a chunk': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n64\r\nhalf',
  'between chunks': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n',
  'in the trailers': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\nx: y\r\n',
  'after an informational answer': 'HTTP/1.1 103 Early Hints\r\n\r\n',
}

function eachBeginning<T>(word: string, toConduct: (text: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(beginnings).map(([where, text]) => [`${word} ${where}`, toConduct(text)]))
}

/** Owners that break the exchange off, at each point of it. */
export const broken: Behaviours = allOf(
  { outcome: 'retry', error: /./ },
  {
    'RST right after accept': (socket) => void socket.resetAndDestroy(),
    "RST after the request's first bytes": whenAsked((socket) => void socket.resetAndDestroy()),
    'RST after the whole request': whenAsked((socket) => void setTimeout(() => socket.resetAndDestroy(), 20)),
    ...eachBeginning('RST', saysAndResets),
    'FIN right after accept': (socket) => void socket.end(),
    'FIN after the request': whenAsked((socket) => void socket.end()),
    ...eachBeginning('FIN', saysAndEnds),
  },
)
