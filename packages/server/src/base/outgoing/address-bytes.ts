import { isIP } from 'node:net'

/**
 * The bytes of an IP address: 4 of IPv4, 16 of IPv6, a zone left out.
 *
 * @returns undefined for what is no address
 */
export function addressBytes(address: string): Uint8Array | undefined {
  const bare = address.split('%', 1)[0]!
  const family = isIP(bare)
  if (family === 4) return Uint8Array.from(bare.split('.').map(Number))
  return family === 6 ? bytesOf6(bare) : undefined
}

function bytesOf6(address: string): Uint8Array {
  const [head, tail] = address.split('::') as [string, string?]
  const before = groupsOf(head)
  const after = groupsOf(tail ?? '')
  const bytes = new Uint8Array(16)
  bytes.set(before)
  bytes.set(after, 16 - after.length)
  return bytes
}

/** `1:ab` gives 0, 1, 0, 171; the last group may be an IPv4 address. */
function groupsOf(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number)
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}
