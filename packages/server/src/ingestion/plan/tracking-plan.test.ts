import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { now } from '../../base/index.ts'
import { onEachDatabase } from '../../state/each-database.contract.ts'
import type { State } from '../../state/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { checkCall } from '../live/check-call.ts'
import { type EventLog, openEventLog } from '../live/event-log.ts'
import { listBrokenRules, listUndeclared, listViolations } from './findings.ts'
import { followPlan } from './follow-plan.ts'
import { declareSchema, listSchemas, retireSchema, schemaOf, schemaVersions } from './schemas.ts'
import { openTrackingPlan } from './tracking-plan.ts'

const viewed = { call: 'track', name: 'Product Viewed' } as const
const priced = (least: number) => ({ properties: { price: { type: 'number', minimum: least } }, required: ['price'] })
const mark = (schema: Record<string, unknown>) => ({ schema, onViolation: 'mark' }) as const

onEachDatabase((fresh) => {
  let folder: string
  let warehouse: Warehouse
  let log: EventLog
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rapport-plan-'))
    warehouse = await openWarehouse(folder)
    log = await openEventLog(warehouse)
  })
  afterAll(async () => {
    await log.close()
    await warehouse.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const send = async (...bodies: readonly object[]): Promise<void> => {
    const events = bodies.map((body) => {
      const checked = checkCall({ type: 'track', event: 'Product Viewed', userId: 'ann', ...body }, undefined, now())
      if ('rejection' in checked) throw new Error(checked.rejection.reason)
      return checked.event
    })
    await log.append(events)
    await log.settle()
  }

  /** The log is one for all tests; each begins at its end. */
  const followed = async (state: State) => {
    await state.queries.insertInto('cursors').values({ follower: 'plan', position: log.position }).execute()
    return followPlan(warehouse, state, await openTrackingPlan(state))
  }

  test('a schema that says something else is a new version; the same again is not', async () => {
    const { queries } = await fresh()
    expect(await declareSchema(queries, viewed, mark(priced(0)))).toMatchObject({
      isNew: true,
      declared: { version: 1 },
    })
    const again = { required: ['price'], properties: { price: { minimum: 0, type: 'number' } } }
    expect(await declareSchema(queries, viewed, mark(again))).toMatchObject({ isNew: false, declared: { version: 1 } })
    expect(await declareSchema(queries, viewed, { schema: again, onViolation: 'quarantine' })).toMatchObject({
      declared: { version: 2, onViolation: 'quarantine' },
    })
    expect(await schemaOf(queries, viewed, 1)).toMatchObject({ version: 1, schema: priced(0), onViolation: 'mark' })
    expect((await schemaVersions(queries, viewed)).map(({ version }) => version)).toEqual([2, 1])
    await declareSchema(queries, { call: 'identify', name: '*' }, mark({}))
    expect((await listSchemas(queries)).map(({ call, version }) => [call, version])).toEqual([
      ['identify', 1],
      ['track', 2],
    ])
    expect(await retireSchema(queries, viewed)).toMatchObject({ version: 3, schema: null })
    expect((await listSchemas(queries)).map(({ call }) => call)).toEqual(['identify'])
    await expect(schemaOf(queries, viewed)).rejects.toMatchObject({ code: 'plan.undeclared' })
    await expect(retireSchema(queries, viewed)).rejects.toMatchObject({ code: 'plan.undeclared' })
    expect(await declareSchema(queries, viewed, mark({}))).toMatchObject({ declared: { version: 4 } })
  })

  test('a schema that means nothing is not declared', async () => {
    const { queries } = await fresh()
    const wrong = declareSchema(queries, viewed, mark({ tpye: 'object' }))
    await expect(wrong).rejects.toMatchObject({ code: 'plan.schema', message: expect.stringContaining('/tpye') })
    const large = declareSchema(queries, viewed, mark({ title: 'x'.repeat(70_000) }))
    await expect(large).rejects.toMatchObject({ code: 'plan.schema' })
    expect(await listSchemas(queries)).toEqual([])
  })

  test('events that break their schema stay in the log, marked with version, pointer and rule, and are counted', async () => {
    const state = await fresh()
    const follower = await followed(state)
    await declareSchema(state.queries, viewed, mark(priced(0)))
    const from = log.position
    await send({ properties: { price: 1 } }, { properties: { price: 'x' } }, {}, { event: 'Other' })
    await follower.catchUp(log.position)
    const { violations } = await listViolations(state.queries, {}, { limit: 10 })
    const common = { ...viewed, version: 1 }
    expect(violations).toMatchObject([
      { ...common, position: from + 3, pointer: '/properties/price', rule: '/required', must: 'must be there' },
      {
        ...common,
        position: from + 2,
        pointer: '/properties/price',
        rule: '/properties/price/type',
        must: 'must be a number',
      },
    ])
    expect(await schemaOf(state.queries, viewed)).toMatchObject({ checked: 3, violating: 2 })
    expect(await listBrokenRules(state.queries)).toMatchObject([
      { ...common, rule: '/properties/price/type', events: 1 },
      { ...common, rule: '/required', events: 1 },
    ])
    expect(log.position).toBe(from + 4)
  })

  test('a new version checks what comes after it, and what was found before stays with the old one', async () => {
    const state = await fresh()
    const follower = await followed(state)
    await declareSchema(state.queries, viewed, mark(priced(0)))
    await send({ properties: { price: -1 } })
    await follower.catchUp(log.position)
    await declareSchema(state.queries, viewed, mark(priced(-10)))
    await send({ properties: { price: -1 } }, { properties: { price: -20 } })
    await follower.catchUp(log.position)
    expect(
      (await schemaVersions(state.queries, viewed)).map(({ version, checked, violating }) => [
        version,
        checked,
        violating,
      ]),
    ).toEqual([
      [2, 2, 1],
      [1, 1, 1],
    ])
    const { violations } = await listViolations(state.queries, { version: 1 }, { limit: 10 })
    expect(violations.map(({ version, must }) => [version, must])).toEqual([[1, 'must be at least 0']])
  })

  test('an event is counted once, however often the follower fails on the way', async () => {
    const state = await fresh()
    const failing = {
      ...state,
      replayable: async <Result>(work: Parameters<typeof state.replayable<Result>>[0]): Promise<Result> =>
        state.replayable(async (queries) => {
          await work(queries)
          throw new Error('on purpose')
        }),
    }
    const follower = await followed(state)
    await declareSchema(state.queries, viewed, mark(priced(0)))
    await send({}, {})
    const broken = followPlan(warehouse, failing, await openTrackingPlan(state))
    await expect(broken.catchUp(log.position)).rejects.toThrow('on purpose')
    await follower.catchUp(log.position)
    await follower.catchUp(log.position)
    expect(await schemaOf(state.queries, viewed)).toMatchObject({ checked: 2, violating: 2 })
  })

  test('the latest thousand violations of a version are kept one by one, all of them counted, and pages have each once', async () => {
    const state = await fresh()
    const follower = await followed(state)
    await declareSchema(state.queries, viewed, mark({ required: ['a', 'b'] }))
    for (let round = 0; round < 3; round += 1) await send(...Array.from({ length: 400 }, () => ({})))
    await follower.catchUp(log.position)
    expect(await schemaOf(state.queries, viewed)).toMatchObject({ checked: 1200, violating: 1200 })
    expect((await listBrokenRules(state.queries)).map(({ events }) => events)).toEqual([1200])
    const seen: string[] = []
    for (let before: number | undefined; ; ) {
      const page = await listViolations(state.queries, viewed, { limit: 333, before })
      seen.push(...page.violations.map(({ position, pointer }) => `${position} ${pointer}`))
      if (page.next === null) break
      before = page.next
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toHaveLength(1000)
    expect(seen.slice(0, 2)).toEqual([`${log.position} /properties/a`, `${log.position} /properties/b`])
  })

  test('a schema of every name counts for names without one of their own, and traits are checked as traits', async () => {
    const state = await fresh()
    const follower = await followed(state)
    await declareSchema(
      state.queries,
      { call: 'identify', name: '*' },
      mark({ properties: { email: { format: 'email' } } }),
    )
    await declareSchema(state.queries, { call: 'track', name: '*' }, mark({ maxProperties: 0 }))
    await declareSchema(state.queries, viewed, mark({}))
    await send(
      { properties: { a: 1 } },
      { event: 'Other', properties: { a: 1 } },
      { type: 'identify', traits: { email: 7 } },
    )
    await send({ type: 'identify', context: { traits: { email: 'no' } } })
    await follower.catchUp(log.position)
    const { violations } = await listViolations(state.queries, {}, { limit: 10 })
    expect(violations.map(({ call, name, pointer }) => [call, name, pointer])).toEqual([
      ['identify', '*', '/traits/email'],
      ['track', '*', '/properties'],
    ])
  })

  test('names that nothing is declared for are listed with how many events have them', async () => {
    const { queries } = await fresh()
    await send({ event: 'Undeclared' }, { event: 'Undeclared' }, { event: 'Declared' })
    await declareSchema(queries, { call: 'track', name: 'Declared' }, mark({}))
    const names = await listUndeclared(warehouse, queries, 100)
    expect(names).toContainEqual(expect.objectContaining({ call: 'track', name: 'Undeclared', events: 2 }))
    expect(names.map(({ name }) => name)).not.toContain('Declared')
    await declareSchema(queries, { call: 'track', name: '*' }, mark({}))
    expect((await listUndeclared(warehouse, queries, 100)).filter(({ call }) => call === 'track')).toEqual([])
  })
})
