import { RapportError } from '@rapport/numerics'
import { type Block, blockOf, contains } from './address-block.ts'
import { addressBytes } from './address-bytes.ts'

/** What the operator lets requests reach although it is not public. */
export interface AllowedHosts {
  /** Whether all addresses of this name may be reached. @param host as a URL has it */
  hasName(host: string): boolean
  hasAddress(address: string): boolean
}

/**
 * @param entries names (`crm.intern`), addresses (`10.0.0.7`), blocks of addresses (`10.0.0.0/8`, `fd00::/8`)
 * @throws RapportError `outgoing.allow` for what is none of them
 */
export function allowedHosts(entries: readonly string[]): AllowedHosts {
  const names = new Set<string>()
  const blocks: Block[] = []
  for (const entry of entries) {
    const block = blockOf(entry)
    if (block) blocks.push(block)
    else names.add(nameOf(entry))
  }
  return {
    hasName: (host) => names.has(host.toLowerCase()),
    hasAddress: (address) => {
      const bytes = addressBytes(address)
      return bytes !== undefined && blocks.some((block) => contains(block, bytes))
    },
  }
}

function nameOf(entry: string): string {
  const name = entry.toLowerCase()
  if (/^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/.test(name) && !/^[\d.]+$/.test(name)) {
    return name
  }
  throw new RapportError(
    'outgoing.allow',
    `RAPPORT_ALLOW_HOSTS must list names, addresses and blocks like crm.intern, 10.0.0.7 or 10.0.0.0/8, got ${entry}`,
  )
}
