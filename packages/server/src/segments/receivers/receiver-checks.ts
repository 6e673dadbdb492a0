import { isIP } from 'node:net'
import { allowedHosts, isPublicAddress, RapportError, shortened } from '../../base/index.ts'
import type { StateQueries } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { storedSegmentDefinitions } from '../live/stored-segment-definitions.ts'
import { listFamilies } from '../placed/list-families.ts'

/**
 * Refuses an address that nothing would be sent to, or over which others could listen: who is told names customers. Names are
 * not resolved: where one leads is looked at with each delivery.
 *
 * @param allowHosts what `RAPPORT_ALLOW_HOSTS` lists
 * @throws RapportError `segments.receiver-url`
 */
export function checkReceiverUrl(text: string, allowHosts: readonly string[]): void {
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') throw wrongUrl('the URL must hold no password: deliveries are signed')
  const host = hostname.replace(/^\[|\]$/g, '')
  // A name may lead anywhere, one that begins like an address too.
  const addresses = host === 'localhost' ? ['127.0.0.1', '::1'] : isIP(host) === 0 ? [] : [host]
  const isNear = addresses.length > 0 && !addresses.every(isPublicAddress)
  if (protocol !== 'https:' && !isNear) throw wrongUrl(`the URL must begin with https://, got ${protocol}//`)
  const allowed = allowedHosts(allowHosts)
  if (!isNear || allowed.hasName(host) || addresses.some((address) => allowed.hasAddress(address))) return
  throw wrongUrl(
    `the URL must be of a host of the public internet, or of one that RAPPORT_ALLOW_HOSTS lists (${allowHosts.join(', ') || 'none'}), got ${hostname}: nothing would be sent there`,
  )
}

const wrongUrl = (message: string): RapportError => new RapportError('segments.receiver-url', message)

/**
 * Refuses ids that nobody would ever be told of.
 *
 * @throws RapportError `segments.receiver-segments` with those that are neither declared nor of a family
 */
export async function checkReceiverSegments(
  warehouse: Warehouse,
  queries: StateQueries,
  wanted: readonly string[] | null,
): Promise<void> {
  if (wanted === null) return
  const known = new Set((await storedSegmentDefinitions(queries)).map(({ id }) => id))
  for (const { segments } of await listFamilies(warehouse)) for (const { id } of segments) known.add(id)
  const others = wanted.filter((id) => !known.has(id))
  if (others.length === 0) return
  throw new RapportError(
    'segments.receiver-segments',
    `each segment must be a declared one or one of a family, got ${shortened(others.join(', '), 200, ', …')}: segments of analyses tell of nobody who comes or leaves`,
  )
}
