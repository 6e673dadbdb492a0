import { expect, it } from 'vitest'
import { membersPage } from './members-page.ts'
import type { Standing } from './standing.ts'

const standingWith = (members: readonly string[]): Standing =>
  ({
    compiled: { segments: [{ definition: { id: 'rule.a' } }] },
    members: { members: () => members },
  }) as unknown as Standing

it('pages hold everybody once in the order of ids, whoever comes and goes between them', async () => {
  const ids = Array.from({ length: 2500 }, (_, at) => `c${(at * 7919) % 2500}`)
  const seen: string[] = []
  let after: string | null = ''
  for (let page = 0; after !== null; page += 1) {
    // Somebody before and somebody behind the place comes meanwhile.
    const now = page === 3 ? [...ids, 'b', 'd'] : page > 3 ? [...ids, 'd'] : ids
    const { customers, next }: { customers: readonly string[]; next: string | null } = await membersPage(
      standingWith(now),
      'rule.a',
      { after, limit: 300 },
    )
    seen.push(...customers)
    after = next
  }
  expect(seen).toEqual([...ids, 'd'].sort())
})

it('of a segment that is not declared there is no page', async () => {
  await expect(membersPage(standingWith([]), 'rule.b', { after: '', limit: 1 })).rejects.toMatchObject({
    code: 'segments.unknown',
  })
})
