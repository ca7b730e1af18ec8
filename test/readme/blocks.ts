import { readFileSync } from 'node:fs'

/** A fenced block of the README. */
export interface Block {
  readonly language: string
  readonly text: string
  /** The line that it begins on. */
  readonly line: number
}

/** All that a reader may paste, in order. Pictures of text, which have no language, are none of it. */
export function blocksOf(file: URL): Block[] {
  const blocks: Block[] = []
  let open: { language: string; line: number; lines: string[] } | undefined
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    const fence = /^```(\w*)$/.exec(line)
    if (fence === null) open?.lines.push(line)
    else if (open === undefined) open = { language: fence[1] ?? '', line: index + 1, lines: [] }
    else {
      if (open.language !== '') blocks.push({ language: open.language, text: open.lines.join('\n'), line: open.line })
      open = undefined
    }
  }
  return blocks
}
