import { type Block, blockOf, contains } from './address-block.ts'
import { addressBytes } from './address-bytes.ts'

/**
 * Whether an address is a host of the public internet: not this machine, not a network that only we can reach, not the
 * metadata of a cloud, in whatever form of IPv6 it is written.
 */
export function isPublicAddress(address: string): boolean {
  const bytes = addressBytes(address)
  return bytes !== undefined && isPublic(bytes)
}

function isPublic(bytes: Uint8Array): boolean {
  if (bytes.length === 4) return !special4.some((block) => contains(block, bytes))
  // Both reach the IPv4 host whose address they end with.
  if (contains(mapped, bytes) || contains(translated, bytes)) return isPublic(bytes.subarray(12))
  return contains(global6, bytes) && !special6.some((block) => contains(block, bytes))
}

/** IANA's special-purpose registry (RFC 6890 and its updates), and multicast. */
const special4: readonly Block[] = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT; a cloud's metadata at 100.100.100.200
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local; most clouds' metadata at 169.254.169.254
  '168.63.129.16/32', // a cloud's own services, a public address that never leaves its hosts
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments; a cloud's metadata at 192.0.0.192
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/3', // multicast, reserved, broadcast
].map((text) => blockOf(text)!)

const mapped = blockOf('::ffff:0:0/96')!
/** NAT64: how a host without IPv4 reaches one that has nothing else. */
const translated = blockOf('64:ff9b::/96')!
/** Everything else of IPv6 is loopback, private, link-local, multicast or not given out. */
const global6 = blockOf('2000::/3')!
const special6: readonly Block[] = [
  '2001::/23', // protocol assignments, Teredo's tunnels among them
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: a tunnel to any IPv4 address
  '3fff::/20', // documentation
].map((text) => blockOf(text)!)
