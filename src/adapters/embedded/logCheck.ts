import { existsSync, readFileSync } from 'node:fs'

/**
 * SQLite takes the write-ahead log up to the first frame whose checksum is wrong, and ignores the rest: after a crash that
 * is a commit that never finished. It is also what a flipped bit looks like, or a file that was cut off, and then commits
 * that were acknowledged would be gone without a word. Two witnesses tell the one from the other:
 *
 * - the wal-index (`-shm`), which a killed process leaves behind: it is written after the log has been synced, so that the
 *   log has at least as many frames as it says;
 * - a later commit in the log, which was begun after the earlier one had been synced.
 *
 * What no witness knows of is the last commit of a log whose wal-index is gone, too.
 *
 * @see https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 * @see https://www.sqlite.org/walformat.html
 */
export function damageOfLog(database: string): string | undefined {
  const index = readIndex(`${database}-shm`)
  const log = existsSync(`${database}-wal`) ? readFileSync(`${database}-wal`) : Buffer.alloc(0)
  if (log.length === 0) return index === undefined ? undefined : 'its log is missing'
  const header = readHeader(log)
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
function readFrames(log: Buffer, { pageBytes, salt, isBigEndian, checksum: first }: Header) {
  let frames = 0
  let isBroken = false
  let previous = first
  let wasCommit = false
  const length = frameHeaderBytes + pageBytes
  for (let index = 0; headerBytes + (index + 1) * length <= log.length; index++) {
    const start = headerBytes + index * length
    const stored = checksumAt(log, start + 16)
    const data = sum(log, start + frameHeaderBytes, pageBytes, sum(log, start, 8, previous, isBigEndian), isBigEndian)
    const isSound = log.subarray(start + 8, start + 16).equals(salt) && same(data, stored)
    // Sound with regard to the frame before it: it was written behind it, after that commit had been synced.
    if (isBroken && wasCommit && isSound) return { frames, hasLaterCommit: true }
    isBroken ||= !isSound
    wasCommit = log.readUInt32BE(start + 4) > 0 && log.subarray(start + 8, start + 16).equals(salt)
    if (!isBroken && wasCommit) frames = index + 1
    previous = stored
  }
  return { frames, hasLaterCommit: false }
}

interface Index {
  readonly frames: number
  readonly salt: Buffer
}

/** What the wal-index says of the log; undefined where there is none, or it says nothing. It is in the machine's own byte order. */
function readIndex(file: string): Index | undefined {
  const copyBytes = 48
  const index = existsSync(file) ? readFileSync(file).subarray(0, 2 * copyBytes) : Buffer.alloc(0)
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

function isBlank(log: Buffer): boolean {
  return log.every((byte) => byte === 0)
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
