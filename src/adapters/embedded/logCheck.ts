import { closeSync, openSync, readSync } from 'node:fs'

/**
 * SQLite takes the write-ahead log up to the first frame whose checksum is wrong, and ignores the rest: after a crash that
 * is a commit that never finished. It is also what a flipped bit looks like, or a file that was cut off, and then commits
 * that were acknowledged would be gone without a word. Two witnesses tell the one from the other:
 *
 * - the wal-index (`-shm`), which a killed process leaves behind: it is written after the log has been synced, so that the
 *   log has at least as many frames as it says;
 * - a later commit in the log, which was begun after the earlier one had been synced.
 *
 * Where the wal-index is gone, too, as after a power loss, no witness knows of the log's last commit, nor of how long it was.
 *
 * @see https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 * @see https://www.sqlite.org/walformat.html
 */
export function damageOfLog(database: string): string | undefined {
  const index = readIndex(`${database}-shm`)
  const log = openIfThere(`${database}-wal`)
  if (log === undefined) return index === undefined ? undefined : 'its log is missing'
  try {
    return damageOfOpenLog(log, index)
  } finally {
    closeSync(log)
  }
}

function damageOfOpenLog(log: number, index: Index | undefined): string | undefined {
  const start = readPiece(log, 0, headerBytes)
  if (start.length === 0) return index === undefined ? undefined : 'its log is missing'
  const header = readHeader(start)
  if (header === undefined) return isBlank(log) && index === undefined ? undefined : 'the beginning of its log'
  const { frames, hasLaterCommit } = readFrames(log, header)
  if (hasLaterCommit) return `frame ${frames + 1} of its log`
  if (index === undefined || isOlder(index, header)) return undefined
  const isOfThisLog = index.salt.equals(header.salt)
  return isOfThisLog && frames >= index.frames ? undefined : `its log, which ends after ${frames} frames of ${index.frames}`
}

const headerBytes = 32
const frameHeaderBytes = 24
const magic = 0x377f0682

interface Header {
  readonly pageBytes: number
  readonly salt: Buffer
  /** Whether checksums are made of big-endian words. */
  readonly isBigEndian: boolean
  readonly checksum: Checksum
}

type Checksum = readonly [number, number]

function readHeader(log: Buffer): Header | undefined {
  if (log.length < headerBytes) return undefined
  const isBigEndian = (log.readUInt32BE(0) & 1) === 1
  const checksum = checksumAt(log, 24)
  const isSound = log.readUInt32BE(0) >>> 1 === magic >>> 1 && same(sum(log, 0, 24, [0, 0], isBigEndian), checksum)
  if (!isSound) return undefined
  return { pageBytes: log.readUInt32BE(8), salt: log.subarray(16, 24), isBigEndian, checksum }
}

/** The frames up to the last sound commit, as SQLite counts them, and whether behind a broken one there are later commits. */
function readFrames(log: number, { pageBytes, salt, isBigEndian, checksum: first }: Header) {
  let frames = 0
  let isBroken = false
  let previous = first
  let wasCommit = false
  const length = frameHeaderBytes + pageBytes
  for (let index = 0; ; index++) {
    const frame = readPiece(log, headerBytes + index * length, length)
    if (frame.length < length) return { frames, hasLaterCommit: false }
    const stored = checksumAt(frame, 16)
    const data = sum(frame, frameHeaderBytes, pageBytes, sum(frame, 0, 8, previous, isBigEndian), isBigEndian)
    const isOfThisLog = frame.subarray(8, 16).equals(salt)
    const isSound = isOfThisLog && same(data, stored)
    // Sound with regard to the frame before it: it was written behind it, after that commit had been synced.
    if (isBroken && wasCommit && isSound) return { frames, hasLaterCommit: true }
    isBroken ||= !isSound
    wasCommit = frame.readUInt32BE(4) > 0 && isOfThisLog
    if (!isBroken && wasCommit) frames = index + 1
    previous = stored
  }
}

interface Index {
  readonly frames: number
  readonly salt: Buffer
}

/** What the wal-index says of the log; undefined where there is none, or it says nothing. It is in the machine's own byte order. */
function readIndex(file: string): Index | undefined {
  const copyBytes = 48
  const opened = openIfThere(file)
  if (opened === undefined) return undefined
  const index = readPiece(opened, 0, 2 * copyBytes)
  closeSync(opened)
  if (index.length < 2 * copyBytes || !index.subarray(0, copyBytes).equals(index.subarray(copyBytes))) return undefined
  const isSound = same(sum(index, 0, 40, [0, 0], false), [index.readUInt32LE(40), index.readUInt32LE(44)])
  const frames = index.readUInt32LE(16)
  return isSound && frames > 0 ? { frames, salt: index.subarray(32, 40) } : undefined
}

/** After a power loss the wal-index may be one of before: the first salt is counted up whenever the log begins anew. */
function isOlder(index: Index, header: Header): boolean {
  const ahead = (header.salt.readUInt32BE(0) - index.salt.readUInt32BE(0)) >>> 0
  return ahead > 0 && ahead < 2 ** 31
}

function isBlank(log: number): boolean {
  const pieceBytes = 64 * 1024
  for (let offset = 0; ; offset += pieceBytes) {
    const piece = readPiece(log, offset, pieceBytes)
    if (piece.some((byte) => byte !== 0)) return false
    if (piece.length < pieceBytes) return true
  }
}

/** Another process may have removed it a moment ago. */
function openIfThere(file: string): number | undefined {
  try {
    return openSync(file, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** As much of it as there is; a log may be too long to be read at once. */
function readPiece(file: number, offset: number, length: number): Buffer {
  const piece = Buffer.alloc(length)
  return piece.subarray(0, readSync(file, piece, 0, length, offset))
}

function checksumAt(bytes: Buffer, offset: number): Checksum {
  return [bytes.readUInt32BE(offset), bytes.readUInt32BE(offset + 4)]
}

function same(one: Checksum, other: Checksum): boolean {
  return one[0] === other[0] && one[1] === other[1]
}

/** SQLite's checksum of an even number of 32-bit words, going on from another one. */
function sum(bytes: Buffer, offset: number, length: number, [s0, s1]: Checksum, isBigEndian: boolean): Checksum {
  let [first, second] = [s0 | 0, s1 | 0]
  for (let at = offset; at < offset + length; at += 8) {
    first = (first + (isBigEndian ? bytes.readInt32BE(at) : bytes.readInt32LE(at)) + second) | 0
    second = (second + (isBigEndian ? bytes.readInt32BE(at + 4) : bytes.readInt32LE(at + 4)) + first) | 0
  }
  return [first >>> 0, second >>> 0]
}
