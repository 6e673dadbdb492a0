import { createHash, createHmac, randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { RapportError } from '../../base/index.ts'

/** Names for ids that only who has the store's key can make from an id, and nobody can turn back into one. */
export interface Pseudonyms {
  /** Says which key it is, without saying the key. */
  readonly keyId: string
  /** @param key of an identity: `user:42` @returns 32 hexadecimal digits */
  of(key: string): string
  /** SQL for the same of the text `value` (SQL); null where that is null. */
  sql(value: string): string
}

const fileName = 'erasures.key'

/**
 * The pseudonyms of the store in `folder`. The key is made once, for the owner's eyes only, and is in no backup: with it,
 * whoever has a guess could find out whether that person was erased.
 *
 * @throws RapportError `consent.erasure-key` when the file holds no key
 */
export function openPseudonyms(folder: string): Pseudonyms {
  const file = join(folder, fileName)
  if (!existsSync(file)) writeDurably(file, `${randomBytes(keyBytes).toString('hex')}\n`)
  const hex = readFileSync(file, 'utf8').trim()
  if (!/^[0-9a-f]{64}$/.test(hex)) {
    throw new RapportError('consent.erasure-key', `${file} must hold 64 hexadecimal digits: put a copy of it back`)
  }
  return pseudonymsOf(Buffer.from(hex, 'hex'))
}

const keyBytes = 32

function pseudonymsOf(key: Buffer): Pseudonyms {
  const padded = (byte: number): string =>
    Buffer.from(Buffer.concat([key, Buffer.alloc(64 - key.length)]).map((value) => value ^ byte)).toString('hex')
  const [inner, outer] = [padded(0x36), padded(0x5c)]
  return {
    keyId: createHash('sha256').update('rapport erasure key').update(key).digest('hex').slice(0, 8),
    of: (value) => createHmac('sha256', key).update(value).digest('hex').slice(0, 32),
    // HMAC as RFC 2104 has it: DuckDB has the hash and not the code made with it.
    sql: (value) => `left(sha256(unhex('${outer}') || unhex(sha256(unhex('${inner}') || encode(${value})))), 32)`,
  }
}

/** On disk when it returns, all of it or nothing. */
function writeDurably(file: string, text: string): void {
  const fresh = `${file}.new`
  const descriptor = openSync(fresh, 'w', 0o600)
  writeSync(descriptor, text)
  fsyncSync(descriptor)
  closeSync(descriptor)
  renameSync(fresh, file)
}
