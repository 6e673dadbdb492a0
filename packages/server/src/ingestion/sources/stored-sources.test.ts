import { beforeEach, expect, test } from 'vitest'
import { onEachDatabase } from '../../state/each-database.contract.ts'
import type { State } from '../../state/index.ts'
import { readDefinition } from './definition.ts'
import { listSecrets, putSecret, removeSecret, secretFor } from './secrets.ts'
import { findSource, listSources, noteRun, putSource, removeSource } from './stored-sources.ts'
import { nothingTaken } from './take-page.ts'

onEachDatabase((fresh) => {
  let state: State
  const forgotten: unknown[] = []
  /** Of the warehouse only cursors are asked for. */
  const warehouse = { run: async (_: string, { source }: { source: string }) => void forgotten.push(source) } as never
  const crm = (url: string) => readDefinition({ from: { type: 'http', url }, into: { kind: 'customers', map: {} } }, [])
  beforeEach(async () => {
    forgotten.length = 0
    state = await fresh()
  })

  test('a source keeps how its runs went; elsewhere, it begins anew', async () => {
    await putSource(warehouse, state, 'crm', crm('https://a.example/'))
    await noteRun(state, 'crm', { failure: 'no answer', waitUntil: 7 })
    expect(await findSource(state, 'crm')).toMatchObject({ failure: 'no answer', waitUntil: 7, ranAt: null })
    await noteRun(state, 'crm', { result: { ...nothingTaken, accepted: 3 } })
    expect(await listSources(state)).toMatchObject([{ failure: null, waitUntil: null, result: { accepted: 3 } }])
    await putSource(warehouse, state, 'crm', { ...crm('https://a.example/'), everyMs: 60_000 })
    expect(forgotten).toEqual(['crm'])
    await putSource(warehouse, state, 'crm', crm('https://b.example/'))
    expect(forgotten).toEqual(['crm', 'crm'])
    await removeSource(warehouse, state, 'crm')
    expect([await listSources(state), await state.queries.selectFrom('schedules').selectAll().execute()]).toEqual([
      [],
      [],
    ])
  })

  test('a secret is replaced, sent to its host only, and removed', async () => {
    await putSecret(state.queries, 'crm', 'https://a.example/v1', 'one')
    await putSecret(state.queries, 'crm', 'https://a.example:444', 'two')
    expect(await listSecrets(state.queries)).toMatchObject([{ name: 'crm', origin: 'https://a.example:444' }])
    expect(await secretFor(state.queries, 'crm', 'https://a.example:444/x')).toBe('two')
    await expect(secretFor(state.queries, 'crm', 'https://a.example/x')).rejects.toThrow('must go to')
    await removeSecret(state.queries, 'crm')
    await expect(removeSecret(state.queries, 'crm')).rejects.toThrow('there is none')
  })
})
