import { RapportError } from '../../base/index.ts'

/** Everything in a tar file comes in blocks of this size. */
export const blockBytes = 512

export interface TarEntry {
  readonly name: string
  readonly bytes: number
  readonly modifiedAt: number
}

/** Where in a header a field begins, and how long it is (POSIX ustar). */
const fields = {
  name: [0, 100],
  mode: [100, 8],
  user: [108, 8],
  group: [116, 8],
  size: [124, 12],
  modified: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 8],
} as const

/** The block before an entry, as every tar reads it. */
export function headerOf({ name, bytes, modifiedAt }: TarEntry): Buffer {
  if (Buffer.byteLength(name) > fields.name[1]) {
    throw new RapportError('operation.backup-name', `a name in a backup must have at most 100 bytes, got ${name}`)
  }
  const block = Buffer.alloc(blockBytes)
  const put = (field: keyof typeof fields, text: string): void => void block.write(text, fields[field][0])
  put('name', name)
  put('mode', '0000600\0')
  put('user', '0000000\0')
  put('group', '0000000\0')
  // Octal digits end at 8 GiB; above, GNU and POSIX tars take the number itself, marked by its highest bit.
  if (bytes < 8 ** 11) put('size', `${bytes.toString(8).padStart(11, '0')}\0`)
  else block.writeBigUInt64BE(BigInt(bytes), fields.size[0] + 4)
  if (bytes >= 8 ** 11) block[fields.size[0]] = 0x80
  put(
    'modified',
    `${Math.floor(modifiedAt / 1000)
      .toString(8)
      .padStart(11, '0')}\0`,
  )
  put('type', '0')
  put('magic', 'ustar\x0000')
  put('checksum', `${checksumOf(block).toString(8).padStart(6, '0')}\0 `)
  return block
}

/** @returns undefined for a block of zeros, which ends the file; null for one that is no header of ours */
export function entryOf(block: Buffer): TarEntry | undefined | null {
  if (block.every((byte) => byte === 0)) return undefined
  const text = (field: keyof typeof fields): string => {
    const [start, length] = fields[field]
    return block.toString('utf8', start, start + length).replace(/\0.*$/s, '')
  }
  if (Number.parseInt(text('checksum'), 8) !== checksumOf(block) || text('type') !== '0') return null
  const bytes = sizeIn(block, text('size'))
  if (bytes === undefined) return null
  return { name: text('name'), bytes, modifiedAt: Number.parseInt(text('modified'), 8) * 1000 }
}

/** Whoever goes on by a size that is below zero or no number never comes to an end. */
function sizeIn(block: Buffer, octal: string): number | undefined {
  const isLarge = block[fields.size[0]] === 0x80
  if (!isLarge && !/^[0-7]+ *$/.test(octal)) return undefined
  const bytes = isLarge ? Number(block.readBigUInt64BE(fields.size[0] + 4)) : Number.parseInt(octal, 8)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** Sum of the block's bytes, those of the checksum itself taken as spaces. */
function checksumOf(block: Buffer): number {
  const [start, length] = fields.checksum
  let sum = 0
  for (let at = 0; at < blockBytes; at += 1) sum += at >= start && at < start + length ? 0x20 : block[at]!
  return sum
}
