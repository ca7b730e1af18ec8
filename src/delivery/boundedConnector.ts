import type { Socket } from 'node:net'
import { buildConnector } from 'undici'

/** An owner has said more than it may. */
export class AnswerTooLong extends Error {
  constructor(maxBytes: number) {
    super(`the answer is longer than ${maxBytes / 1024} KiB`)
  }
}

interface Limits {
  readonly connectTimeoutMs: number
  /** From one request to the next, whatever the bytes are. */
  readonly maxAnswerBytes: number
}

/** At most so much is handed to the HTTP parser at once, in bytes. */
const pieceBytes = 4096

/**
 * Connections on which nobody can talk without an end. An HTTP client counts headers and bodies; what is neither (blank
 * lines, informational answers, a status line or chunk extensions without an end) it would read as fast as it comes,
 * until the deadline, and have no time for anybody else.
 */
export function makeBoundedConnector({ connectTimeoutMs, maxAnswerBytes }: Limits): buildConnector.connector {
  const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false })
  return (options, callback) =>
    connect(options, (...result) => {
      const [, socket] = result
      // There is none, and not even null, where there is an error.
      if (socket) bound(socket, maxAnswerBytes)
      callback(...result)
    })
}

function bound(socket: Socket, maxBytes: number): void {
  const read = socket.read.bind(socket)
  let asked = socket.bytesWritten
  let answered = 0
  // undici reads by this alone, and all that there is. In pieces, so that it hears of a limit that it has found exceeded itself
  // before it goes on: it makes an error with a stack for each header beyond it, thousands of them in 64 KiB.
  socket.read = (): unknown => {
    if (socket.destroyed) return null
    if (socket.bytesWritten !== asked) {
      asked = socket.bytesWritten
      answered = 0
    }
    const piece: unknown = socket.readableLength > pieceBytes ? read(pieceBytes) : read()
    if (piece instanceof Uint8Array) answered += piece.length
    if (answered <= maxBytes) return piece
    socket.destroy(new AnswerTooLong(maxBytes))
    return null
  }
}
