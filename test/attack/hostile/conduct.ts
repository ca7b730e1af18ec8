import type { Socket } from 'node:net'

/** What a hostile owner does with a connection. */
export type Conduct = (socket: Socket) => void

/** Does it whenever a request, or the beginning of one, is there: a connection on which all went well is used again. */
export function whenAsked(act: (socket: Socket, webhookId: string) => void): Conduct {
  return (socket) =>
    void socket.on('data', (bytes) => {
      const id = /webhook-id: (\S+)/i.exec(bytes.toString('latin1'))?.[1]
      if (id !== undefined) act(socket, id)
    })
}

/** Answers with these bytes, and leaves the connection open. */
export function says(text: string | Buffer): Conduct {
  return whenAsked((socket) => void socket.write(text))
}

/** Answers with these bytes, and then ends the connection with FIN. */
export function saysAndEnds(text: string): Conduct {
  return whenAsked((socket) => void socket.end(text))
}

/** Answers with these bytes, and then breaks the connection with RST, when they have left. */
export function saysAndResets(text: string): Conduct {
  return whenAsked((socket) => void socket.write(text, () => resetWhenSent(socket)))
}

/** An RST overtakes what the other side has not read yet, so that it gets a moment to. */
function resetWhenSent(socket: Socket): void {
  setTimeout(() => socket.resetAndDestroy(), 20)
}

/** Answers with the beginning, and then with one byte every second. */
export function drips(beginning: string, byteOf: (index: number) => string = () => 'x'): Conduct {
  return whenAsked((socket) => {
    socket.write(beginning)
    let index = 0
    const timer = setInterval(() => socket.write(byteOf(index++)), 1000)
    socket.on('close', () => clearInterval(timer))
  })
}

/** Answers with the beginning, and then with the same again and again, as fast as it is read. */
export function floods(beginning: string | Buffer, again: string | Buffer): Conduct {
  const repeated = Buffer.concat(Array.from({ length: Math.ceil(65_536 / again.length) }, () => Buffer.from(again)))
  return whenAsked((socket) => {
    const more = (): void => {
      while (!socket.destroyed && socket.write(repeated));
    }
    socket.on('drain', more)
    socket.write(beginning)
    more()
  })
}

/** Answers so long after the request, in milliseconds. */
export function saysAfter(waitMs: number, text: string): Conduct {
  return whenAsked((socket) => {
    const timer = setTimeout(() => socket.write(text), waitMs)
    socket.on('close', () => clearTimeout(timer))
  })
}

/** Answers each request on a connection with its own `webhook-id`; `say` may add something that nobody has asked for. */
export function echoes(say: (socket: Socket, answer: string) => void): Conduct {
  return whenAsked((socket, id) => say(socket, `HTTP/1.1 200 OK\r\ncontent-length: ${id.length}\r\n\r\n${id}`))
}
