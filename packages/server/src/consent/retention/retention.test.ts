import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, expect, test } from 'vitest'
import { readAudit } from '../../access/index.ts'
import { dayMs } from '../../base/index.ts'
import { followIdentities } from '../../identity/index.ts'
import { checkCall, type EventLog, openEventLog } from '../../ingestion/index.ts'
import { privacyOf } from '../../privacy.ts'
import { onEachDatabase } from '../../state/each-database.contract.ts'
import type { State } from '../../state/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { ErasureList, followConsents, openConsentDoor, type Privacy } from '../index.ts'
import { momentBefore } from './period.ts'
import { changeRetention, isRewriteDue } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-retention-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = Date.UTC(2026, 5, 15)
const daysAgo = (days: number): number => at - days * dayMs

interface Happened {
  readonly call: 'page' | 'track'
  readonly name: string
  readonly who: string
  readonly days: number
}

const eventOf = ({ call, name, who, days }: Happened, n: number) => {
  const [userId, anonymousId] = who.startsWith('v') ? [undefined, who] : [who, `${who}-browser`]
  const properties =
    name === 'Order Completed'
      ? { order_id: `o${n}`, currency: 'EUR', products: [{ product_id: 'p', price: 3 }] }
      : { n }
  const checked = checkCall(
    {
      ...{ type: call, userId, anonymousId, messageId: `${n} ${who} ${name} ${days}`, properties },
      ...(call === 'page' ? { name } : { event: name }),
      timestamp: new Date(daysAgo(days)).toISOString(),
    },
    undefined,
    Date.now(),
  )
  if (!('event' in checked)) throw new Error(checked.rejection.reason)
  return { ...checked.event, occurredAt: daysAgo(days), receivedAt: daysAgo(days) }
}

onEachDatabase((fresh) => {
  let warehouse: Warehouse
  let state: State
  let log: EventLog
  let privacy: Privacy
  const open = async (happened: readonly Happened[]): Promise<void> => {
    warehouse = await openWarehouse(mkdtempSync(join(folder, 'store-')))
    state = await fresh()
    log = await openEventLog(warehouse)
    await log.append(happened.map(eventOf))
    await log.settle()
    const followers = [
      await followIdentities(warehouse, state),
      followConsents(warehouse, state, await openConsentDoor(warehouse, state)),
    ]
    privacy = privacyOf({
      ...{ warehouse, state, list: new ErasureList(warehouse.folder), configuration: { eraseWithinDays: 7 } },
      report: join(warehouse.folder, 'report.html'),
      settle: async () => {
        await log.settle()
        for (const follower of followers) await follower.catchUp(log.position)
      },
      forgetIds: async () => log.forgetIds(),
      eraseMovements: async () => 0,
    })
  }
  const close = async (): Promise<void> => {
    await log.close()
    await warehouse.close()
  }
  let isOpen = false
  afterEach(async () => {
    if (isOpen) await close()
    isOpen = false
  })
  const begin = async (happened: readonly Happened[]): Promise<void> => {
    await open(happened)
    isOpen = true
  }
  const keep = (periods: Record<string, string>, rewritesFiles = false) =>
    changeRetention(state, 'test', () => ({ periods, rewritesFiles }))
  const moments = async (): Promise<string[]> => {
    const rows = await warehouse.rows<{ what: string }>(
      `select call || ' ' || name || ' ' || coalesce(customer_id, anonymous_id) || ' ' || epoch_ms(occurred_at) as what from events order by what`,
    )
    return rows.map(({ what }) => what)
  }
  const identities = async (): Promise<string[]> => {
    const rows = await state.queries.selectFrom('identities').select('identity').execute()
    return rows.map(({ identity }) => identity).sort()
  }
  const page = (who: string, days: number, name = 'Home'): Happened => ({ call: 'page', name, who, days })

  test('nothing goes until somebody sets a period', async () => {
    await begin([page('ann', 9000), page('v1', 9000)])
    const before = await moments()
    expect(await privacy.retention.plan(at)).toEqual([])
    expect(await privacy.retention.run({}, at)).toEqual({ removed: {}, areFilesClean: true })
    expect(await moments()).toEqual(before)
  })

  test('nothing younger than its period goes, nothing older stays, and the dry run told so', async () => {
    const life = fc.record({
      call: fc.constantFrom('page' as const, 'track' as const),
      name: fc.constantFrom('Home', 'Product Viewed', 'Order Completed'),
      who: fc.constantFrom('ann', 'bob', 'v1', 'v2'),
      days: fc.integer({ min: 0, max: 100 }),
    })
    const period = fc.option(fc.constantFrom('1d', '30d', '31d', '1m', '2m', '90d'), { nil: undefined })
    const kinds = ['events', 'events/page', 'events/track/Product Viewed', 'events/track/Order Completed', 'orders']
    await fc.assert(
      fc.asyncProperty(fc.array(life, { maxLength: 20 }), fc.tuple(...kinds.map(() => period)), async (lives, of) => {
        await open(lives)
        const periods = Object.fromEntries(kinds.flatMap((kind, n) => (of[n] === undefined ? [] : [[kind, of[n]]])))
        await keep(periods)
        const stays = ({ call, name, days }: Happened): boolean => {
          const holds = periods[`events/${call}/${name}`] ?? periods[`events/${call}`] ?? periods['events']
          return holds === undefined || daysAgo(days) >= momentBefore(at, holds)
        }
        const plan = await privacy.retention.plan(at)
        const told = plan.filter(({ kind }) => kind.startsWith('events')).reduce((sum, { rows }) => sum + rows, 0)
        expect(told).toBe(lives.filter((one) => !stays(one)).length)
        const { removed } = await privacy.retention.run({}, at)
        expect(removed['events'] ?? 0).toBe(told)
        expect((await moments()).map((what) => what.split(' ').at(-1)).sort()).toEqual(
          lives
            .filter(stays)
            .map(({ days }) => String(daysAgo(days)))
            .sort(),
        )
        const orders = lives.filter(({ call, name, days }) => {
          const isOld = periods['orders'] !== undefined && daysAgo(days) < momentBefore(at, periods['orders'])
          return call === 'track' && name === 'Order Completed' && !isOld
        })
        expect(await warehouse.rows('select count(*)::integer as n from order_lines')).toEqual([{ n: orders.length }])
        await close()
      }),
      { numRuns: 12, seed: 7 },
    )
  }, 120_000)

  test('visitors without activity go with their identities; who is known or ordered stays', async () => {
    const order = { call: 'track' as const, name: 'Order Completed' }
    await begin([page('v1', 200), page('v1', 190), page('v2', 200), page('v2', 3), page('ann', 200)])
    await log.append([eventOf({ ...order, who: 'v3', days: 200 }, 50)])
    await log.settle()
    await keep({ visitors: '6m' })
    expect(await privacy.retention.plan(at)).toMatchObject([{ rows: 2, oldestKept: daysAgo(3) }])
    const { removed } = await privacy.retention.run({}, at)
    expect(removed).toMatchObject({ visitors: 2, identities: 1 })
    expect(await identities()).toEqual(['anonymous:ann-browser', 'anonymous:v2', 'anonymous:v3', 'user:ann'])
    expect((await moments()).some((what) => what.includes('v1'))).toBe(false)
    expect(await moments()).toHaveLength(4)
  })

  test('audit log, ended jobs, failed events and bad records have periods of their own', async () => {
    await begin([])
    const job = { kind: 'x', input: '{}', run_at: 1, attempts: 1, most_attempts: 1, created_at: 1 }
    const rest = { runner: null, lease_until: null, progress: null, result: null, failure: null, unique_key: null }
    for (const days of [40, 20]) {
      const moment = daysAgo(days)
      const entry = { actor: 'a', action: 'x.y', target: null, detail: null }
      await state.queries
        .insertInto('audit')
        .values({ audit_id: `a${days}`, recorded_at: moment, ...entry })
        .execute()
      await state.queries
        .insertInto('jobs')
        .values([
          { job_id: `done${days}`, status: 'done', finished_at: moment, ...job, ...rest },
          { job_id: `waits${days}`, status: 'queued', finished_at: null, ...job, ...rest },
        ])
        .execute()
      await state.queries
        .insertInto('failed_events')
        .values({ follower: 'f', position: days, reason: 'r', failed_at: moment })
        .execute()
    }
    await keep({ audit: '30d', jobs: '30d', 'failed-events': '1m', quarantine: '30d' })
    const plan = await privacy.retention.plan(at)
    expect(plan.map(({ kind, rows }) => [kind, rows])).toEqual([
      ['audit', 1],
      ['failed-events', 1],
      ['jobs', 1],
      ['quarantine', 0],
    ])
    expect(plan[1]).toMatchObject({ oldestKept: daysAgo(20) })
    await privacy.retention.run({}, at)
    const jobs = await state.queries.selectFrom('jobs').select('job_id').orderBy('job_id').execute()
    expect(jobs.map(({ job_id }) => job_id)).toEqual(['done20', 'waits20', 'waits40'])
    expect((await readAudit(state.queries, { limit: 9 })).map(({ action }) => action).sort()).toEqual([
      'retention.set',
      'x.y',
    ])
  })

  test('a run that is stopped leaves the rest to the next, which cleans the files, too', async () => {
    await begin([page('v1', 200), page('ann', 200), page('ann', 1)])
    await keep({ events: '30d', visitors: '1m' }, true)
    const stop = new AbortController()
    const stages: string[] = []
    const work = {
      signal: stop.signal,
      onProgress: ({ stage }: { stage: string }) => {
        stages.push(stage)
        if (stage === 'identities') stop.abort()
      },
    }
    await expect(privacy.retention.run(work, at)).rejects.toThrow()
    expect(stages).toEqual(['events', 'visitors', 'identities'])
    expect(await moments()).toHaveLength(1)
    expect(await identities()).toContain('anonymous:v1')
    expect(await isRewriteDue(state.queries)).toBe(true)
    expect(await privacy.retention.run({}, at)).toMatchObject({ areFilesClean: true, removed: { identities: 1 } })
    expect(await identities()).not.toContain('anonymous:v1')
    expect(await isRewriteDue(state.queries)).toBe(false)
  })

  test('what follows the log goes on where it was, and scores of who is gone go', async () => {
    await begin([page('ann', 200), page('bob', 1), page('v1', 300)])
    await warehouse.run(`insert into scores select unnest(['ann', 'bob']), 's', 0.5, null, null, null, 'm', now()`)
    await privacy.retention.plan(at)
    const cursors = await state.queries.selectFrom('cursors').selectAll().orderBy('follower').execute()
    await keep({ events: '30d', visitors: '1m' })
    expect((await privacy.retention.run({}, at)).removed).toMatchObject({ events: 2, scores: 1 })
    expect(await warehouse.rows('select customer_id from scores')).toEqual([{ customer_id: 'bob' }])
    expect(await state.queries.selectFrom('cursors').selectAll().orderBy('follower').execute()).toEqual(cursors)
    const before = log.position
    await log.append([eventOf(page('v1', 0), 90), eventOf(page('eve', 0), 91)])
    await log.settle()
    expect(log.position).toBeGreaterThan(before)
    await privacy.retention.plan(at)
    expect(await identities()).toEqual(expect.arrayContaining(['anonymous:v1', 'user:eve', 'user:ann', 'user:bob']))
  })
})
