import { addressBytes } from './address-bytes.ts'

/** All addresses that begin with the first `bits` of `bytes`. */
export interface Block {
  readonly bytes: Uint8Array
  readonly bits: number
}

/** @param text `10.0.0.0/8`, `fd00::/8`, or one address @returns undefined for what is none */
export function blockOf(text: string): Block | undefined {
  const [address, length, ...more] = text.split('/')
  const bytes = addressBytes(address!)
  if (bytes === undefined || more.length > 0) return undefined
  if (length === undefined) return { bytes, bits: bytes.length * 8 }
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN
  return bits <= bytes.length * 8 ? { bytes, bits } : undefined
}

export function contains({ bytes, bits }: Block, address: Uint8Array): boolean {
  if (bytes.length !== address.length) return false
  for (let bit = 0; bit < bits; bit += 8) {
    const mask = bits - bit >= 8 ? 0xff : 0xff << (8 - (bits - bit))
    if (((bytes[bit / 8]! ^ address[bit / 8]!) & mask) !== 0) return false
  }
  return true
}
