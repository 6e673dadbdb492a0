import { expect, test } from 'vitest'
import { onEachDatabase } from '../state/each-database.contract.ts'
import { commandLine, readAudit, recordAudit } from './index.ts'

onEachDatabase((fresh) => {
  test('entries come back, the newest first, a page at a time', async () => {
    const { queries } = await fresh()
    for (let at = 0; at < 5; at += 1) {
      await recordAudit(queries, { actor: commandLine, action: 'keys.create', target: `key_${at}`, detail: { at } })
    }
    const [newest, ...rest] = await readAudit(queries, { limit: 2 })
    expect(newest).toMatchObject({ actor: commandLine, action: 'keys.create' })
    const older = await readAudit(queries, { limit: 10, before: rest[0]!.auditId })
    expect([newest!, ...rest, ...older].map(({ auditId }) => auditId).sort()).toEqual(
      (await readAudit(queries, { limit: 10 })).map(({ auditId }) => auditId).sort(),
    )
    expect(await readAudit(queries, { limit: 10, target: 'key_3' })).toMatchObject([{ detail: { at: 3 } }])
  })

  test('a person stands in it by a pseudonym that is theirs in this store only', async () => {
    const [one, two] = [await fresh(), await fresh()]
    for (const { queries } of [one, one, two]) {
      await recordAudit(queries, { actor: 'key_1', action: 'customers.erase', target: { person: 'ann@a.example' } })
    }
    const here = await readAudit(one.queries, { limit: 9, target: { person: 'ann@a.example' } })
    const there = await readAudit(two.queries, { limit: 9, target: { person: 'ann@a.example' } })
    expect([here.length, there.length]).toEqual([2, 1])
    expect(here[0]!.target).toMatch(/^person_[0-9a-f]{32}$/)
    expect(here[0]!.target).not.toBe(there[0]!.target)
    expect(JSON.stringify(here)).not.toContain('ann')
  })

  test('an entry is undone with the deed', async () => {
    const { transaction, queries } = await fresh()
    const failed = transaction(async (within) => {
      await recordAudit(within, { actor: commandLine, action: 'keys.create' })
      throw new Error('on purpose')
    })
    await expect(failed).rejects.toThrow('on purpose')
    expect(await readAudit(queries, { limit: 9 })).toEqual([])
  })
})
