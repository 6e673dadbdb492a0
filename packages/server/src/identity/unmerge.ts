import { type Instant, now, RapportError } from '../base/index.ts'
import type { IdentityLinkTable, State, StateQueries } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { type Moved, placeAnew } from './graph.ts'
import { identityOf, keyOf } from './identity.ts'
import { writeMoved } from './identity-map.ts'

/**
 * Takes the links between two identities away, for good: the same link seen again does not join them again. Everybody
 * whom they had joined is placed anew.
 *
 * @param one, other keys of identities: `user:42`
 * @throws RapportError `identity.no-link` when nothing links the two directly
 */
export async function sever(queries: StateQueries, one: string, other: string, at: Instant): Promise<Moved[]> {
  const severed = await queries
    .updateTable('identity_links')
    .set({ severed_at: at })
    .where('from_identity', 'in', [one, other])
    .where('to_identity', 'in', [one, other])
    .where('severed_at', 'is', null)
    .returning(['from_identity', 'to_identity', 'reason', 'position'])
    .execute()
  if (severed.length === 0) {
    throw new RapportError('identity.no-link', `${one} and ${other} must be linked directly to be parted, they are not`)
  }
  const browsers = await severBrowsers(queries, severed, at)
  return placeAnew(queries, new Map([one, other, ...browsers].map((key) => [key, at])))
}

/**
 * An alias was also taken to say that the earlier id may be that of a browser (`linksOf`): that goes with it, unless
 * another event had shown it before. @returns the browsers that are parted
 */
async function severBrowsers(
  queries: StateQueries,
  severed: readonly Pick<IdentityLinkTable, 'from_identity' | 'to_identity' | 'reason' | 'position'>[],
  at: Instant,
): Promise<string[]> {
  const browsers: string[] = []
  for (const { from_identity, to_identity, position } of severed.filter(({ reason }) => reason === 'alias')) {
    const browser = keyOf({ kind: 'anonymous', value: identityOf(from_identity).value })
    const { numUpdatedRows } = await queries
      .updateTable('identity_links')
      .set({ severed_at: at })
      .where('from_identity', '=', browser)
      .where('to_identity', '=', to_identity)
      .where('position', '=', position)
      .where('severed_at', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows > 0n) browsers.push(browser)
  }
  return browsers
}

/**
 * Parts two identities that should not have been joined: each goes back to the customer that it was before, and what is
 * read through the map follows at once; segments and scores follow with the next analysis.
 *
 * @throws RapportError `identity.no-link`
 */
export async function partIdentities(warehouse: Warehouse, state: State, one: string, other: string): Promise<Moved[]> {
  const at = now()
  const moved = await state.transaction((queries) => sever(queries, one, other, at))
  await writeMoved(
    warehouse,
    moved.map((one) => ({ ...one, knownAt: at })),
  )
  return moved
}
