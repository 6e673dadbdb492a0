import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openState } from '../state/index.ts'
import { customerOfIdentity, identitiesOf } from './describe.ts'
import { takeIn } from './graph.ts'
import { linksOf } from './links-of.ts'

test('an id of before an alias leads to its customer, who is known by no browser of that name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-describe-'))
  const state = await openState(folder)
  const nothing = { userId: null, anonymousId: null, previousId: null, traits: null, deviceId: null }
  const see = (event: object, position: number) => {
    const { identities, links } = linksOf({ ...nothing, call: 'track', ...event })
    const sighting = { identities: identities.map(({ kind, value }) => `${kind}:${value}`), links }
    return state.transaction((queries) => takeIn(queries, [{ ...sighting, position, seenAt: position }]))
  }
  await see({ userId: 'ann-old' }, 1)
  await see({ call: 'alias', userId: 'ann', previousId: 'ann-old' }, 2)
  const customer = await customerOfIdentity(state, 'ann')
  expect(await customerOfIdentity(state, 'ann-old')).toBe(customer)
  const known = await identitiesOf(state, customer!)
  expect(known.map(({ identity }) => identity)).toEqual(['user:ann', 'user:ann-old'])

  await see({ anonymousId: 'browser' }, 3)
  await see({ call: 'alias', userId: 'ann', previousId: 'browser' }, 4)
  const later = (await identitiesOf(state, customer!)).map(({ identity }) => identity)
  expect(later).toEqual(['anonymous:browser', 'user:ann', 'user:ann-old'])
  await state.close()
  rmSync(folder, { recursive: true })
})
