import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openState, type State } from '../state/index.ts'
import { customerOfIdentity, identitiesOf } from './describe.ts'
import { takeIn } from './graph.ts'
import { linksOf } from './links-of.ts'

const nothing = { userId: null, anonymousId: null, previousId: null, traits: null, deviceId: null }

/** Takes in what an event says of who did it. */
function see(state: State, event: object, position: number): Promise<unknown> {
  const { identities, links } = linksOf({ ...nothing, call: 'track', ...event })
  const sighting = { identities: identities.map(({ kind, value }) => `${kind}:${value}`), links }
  return state.transaction((queries) => takeIn(queries, [{ ...sighting, position, seenAt: position }]))
}

test('an id of before an alias leads to its customer, who is known by no browser of that name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-describe-'))
  const state = await openState(folder)
  await see(state, { userId: 'ann-old' }, 1)
  await see(state, { call: 'alias', userId: 'ann', previousId: 'ann-old' }, 2)
  const customer = await customerOfIdentity(state, 'ann')
  expect(await customerOfIdentity(state, 'ann-old')).toBe(customer)
  const { identities: known } = await identitiesOf(state, customer!)
  expect(known.map(({ identity }) => identity)).toEqual(['user:ann', 'user:ann-old'])

  await see(state, { anonymousId: 'browser' }, 3)
  await see(state, { call: 'alias', userId: 'ann', previousId: 'browser' }, 4)
  const later = (await identitiesOf(state, customer!)).identities.map(({ identity }) => identity)
  expect(later).toEqual(['anonymous:browser', 'user:ann', 'user:ann-old'])
  await state.close()
  rmSync(folder, { recursive: true })
})

test('of somebody with very many browsers some are said, and how many there are', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-describe-'))
  const state = await openState(folder)
  for (let at = 1; at <= 130; at += 1) await see(state, { userId: 'till', anonymousId: `b${at}` }, at)
  const { identities, identityCount } = await identitiesOf(state, 'till')
  expect([identities.length, identityCount]).toEqual([100, 131])
  // That of the customer is of all the earliest, and there; of browsers those of late.
  const till = identities.find(({ identity }) => identity === 'user:till')
  expect([till?.links.length, till?.linkCount]).toEqual([20, 130])
  expect(identities.filter(({ firstSeenAt }) => firstSeenAt > 1 && firstSeenAt <= 31)).toEqual([])
  expect(identities.find(({ identity }) => identity === 'anonymous:b130')).toMatchObject({
    ...{ linkCount: 1, links: [{ with: 'user:till', reason: 'together', isSevered: false }] },
  })
  expect(await identitiesOf(state, 'nobody')).toEqual({ identities: [], identityCount: 0 })
  await state.close()
  rmSync(folder, { recursive: true })
})
