import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WhoseDigest } from './whose-digest.ts'

const digestOf = (pairs: ReadonlyMap<string, string>): WhoseDigest => {
  const digest = new WhoseDigest(true)
  for (const [received, customer] of pairs) digest.add([received, customer], `is ${received} ${customer}`)
  return digest
}
const again = (digest: WhoseDigest): WhoseDigest => {
  const { isProfiledByDefault, text } = JSON.parse(JSON.stringify(digest)) as ReturnType<WhoseDigest['toJSON']>
  return new WhoseDigest(isProfiledByDefault, text)
}
const maps = fc
  .dictionary(fc.string({ maxLength: 3 }), fc.string({ maxLength: 3 }))
  .map((found) => new Map(Object.entries(found)))

it('finds everybody of whom something else holds, and nobody where nothing does', async () => {
  await fc.assert(
    fc.asyncProperty(maps, maps, async (before, now) => {
      const ids = [...before.keys(), ...before.values(), ...now.keys(), ...now.values()]
      const changed = (await digestOf(now).changed(again(digestOf(before)), ids))!
      for (const id of ids) if (before.get(id) !== now.get(id)) expect(changed).toContain(id)
      expect(await digestOf(before).changed(again(digestOf(before)), ids)).toEqual([])
    }),
  )
})

it('does not tell one from another once something else holds of everybody', async () => {
  expect(await new WhoseDigest(false).changed(new WhoseDigest(true), ['ann'])).toBeNull()
})
