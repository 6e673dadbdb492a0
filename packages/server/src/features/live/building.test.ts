import { featureDefinition } from '@rapport/protocol'
import { expect, it } from 'vitest'
import type { Fact } from '../defined/fact.ts'
import type { Plan } from '../defined/plan.ts'
import { planFeatures } from '../defined/plan-features.ts'
import type { History } from './history/read-history.ts'
import { LiveFeatures } from './live-features.ts'
import { MemoryReader } from './memory-reader.ts'
import { start } from './random-live.contract.ts'

const plan = planFeatures([
  featureDefinition.parse({
    ...{ name: 'views', label: 'views', value: { aggregate: 'count', from: { events: 'View' } } },
  }),
])

const view = (customerId: string, index: number): Fact => ({
  ...{ kind: 'event', key: BigInt(index), at: start, receivedAt: start, customerId, name: 'View' },
  ...{ call: 'track', fields: {} },
})

/** Something happens after history was read, before it is taken in. */
class MeanwhileReader extends MemoryReader {
  meanwhile = (): void => {}

  constructor(of: Plan) {
    super(of, 'UTC')
  }

  override async readHistory(clock: number): Promise<History> {
    const history = await super.readHistory(clock)
    this.meanwhile()
    return history
  }

  override async readSince(position: number) {
    const read = await super.readSince(position)
    this.meanwhile()
    return read
  }
}

const views = (live: LiveFeatures, customer: string) => live.leafValue([customer], 0, start)

/** @param through the position up to which everything was taken in before */
async function builtWhile(before: readonly Fact[], through: number, meanwhile: (live: LiveFeatures) => void) {
  const reader = new MeanwhileReader(plan)
  reader.hold({ facts: before, traits: [], scores: [] }, 1)
  const live = new LiveFeatures(plan, 'UTC', reader)
  if (through >= 0) {
    await live.build(start)
    const more = [...before, view('browser', 50)]
    reader.hold({ facts: more, traits: [], scores: [] }, 2)
  }
  reader.meanwhile = () => meanwhile(live)
  await live.build(start)
  return { live, reader }
}

it.each([
  ['history', -1],
  ['what the log has since', 1],
])('forgets what somebody did while %s is taken in', async (_, through) => {
  const { live } = await builtWhile([view('browser', 1), view('ada', 2)], through, (building) => {
    building.take({ facts: [view('browser', 3), view('ada', 4)], position: 3 }, start)
    building.forget(['browser'])
  })
  expect(live.knows('browser')).toBe(false)
  expect(views(live, 'ada')).toBe(2)
})

it('takes what a joined browser did while history is taken in into whose it is', async () => {
  const done = view('browser', 1)
  const meanwhile = view('browser', 3)
  const { live, reader } = await builtWhile([done], -1, (building) => {
    building.take({ facts: [meanwhile], position: 3 }, start)
    building.forget(['browser'])
    building.rebuild([{ kind: 'customer', id: 'ada' }])
  })
  const theirs = [done, meanwhile].map((fact) => ({ ...fact, customerId: 'ada' }))
  // The warehouse has not seen yet what was told meanwhile: reading it would lose that.
  reader.hold({ facts: theirs.slice(0, 1), traits: [], scores: [] }, 2)
  await live.work(start)
  expect(live.behind).toBe(1)
  reader.hold({ facts: theirs, traits: [], scores: [] }, 3)
  for (let now = start; live.behind > 0; now += 1000) await live.work(now)
  expect(views(live, 'ada')).toBe(2)
})
