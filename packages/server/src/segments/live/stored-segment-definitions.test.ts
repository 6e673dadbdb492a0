import { expect, test } from 'vitest'
import { declareFeatures } from '../../features/index.ts'
import { onEachDatabase } from '../../state/each-database.contract.ts'
import { nowhere } from '../placed/live-model.ts'
import { eraseFromLists, keepList, listsNaming, storedLists } from './stored-lists.ts'
import {
  declareSegments,
  removeSegment,
  segmentVersions,
  storedSegmentDefinitions,
} from './stored-segment-definitions.ts'

const visits = {
  name: 'visits',
  label: 'visits',
  value: { aggregate: 'distinct', of: 'session_id', from: { events: true } },
}
const keen = { id: 'rule.keen', name: 'Keen', words: 'many visits', rule: { feature: 'visits', op: '>', value: 5 } }
const testers = { id: 'list.testers', name: 'Testers', words: 'who tests', list: true }
const both = {
  ...{ id: 'rule.both', name: 'Both', words: 'keen testers' },
  rule: { all: [{ segment: 'rule.keen' }, { segment: 'list.testers' }] },
}

onEachDatabase((fresh) => {
  test('a definition is kept once, and a changed one is a new version', async () => {
    const { queries } = await fresh()
    await declareFeatures(queries, [visits])
    expect(await declareSegments(queries, [both, keen, testers])).toMatchObject([
      { id: 'rule.both', version: 1, isNew: true },
      { id: 'rule.keen', version: 1, isNew: true },
      { id: 'list.testers', rule: null, isNew: true },
    ])
    expect(await declareSegments(queries, [keen])).toMatchObject([{ version: 1, isNew: false }])
    expect(await declareSegments(queries, [{ ...keen, words: 'more visits' }])).toMatchObject([{ version: 2 }])
    expect(await segmentVersions(queries, 'rule.keen')).toMatchObject([
      { version: 2, definition: { words: 'more visits' } },
      { version: 1, definition: keen },
    ])
    expect((await storedSegmentDefinitions(queries)).map(({ id, version }) => [id, version])).toEqual([
      ['list.testers', 1],
      ['rule.both', 1],
      ['rule.keen', 2],
    ])
  })

  test('what does not fit is refused, and what is named stays', async () => {
    const { queries } = await fresh()
    await expect(declareSegments(queries, [keen])).rejects.toThrow('rule.keen/rule/feature must be a feature there is')
    await declareFeatures(queries, [visits])
    await declareSegments(queries, [both, keen, testers])
    const circle = { ...keen, rule: { segment: 'rule.both' } }
    await expect(declareSegments(queries, [circle])).rejects.toThrow('must not lead back to itself')
    await expect(removeSegment(queries, 'rule.keen')).rejects.toThrow(
      'must be named by no segment to be removed, got rule.both',
    )
    await removeSegment(queries, 'rule.both')
    await removeSegment(queries, 'rule.keen')
    await expect(removeSegment(queries, 'rule.keen')).rejects.toThrow('must be one that is declared')
    expect(await segmentVersions(queries, 'rule.keen')).toMatchObject([
      { version: 2, definition: null },
      { version: 1 },
    ])
  })

  test('a segment of a family may be named; where it is no more, others are declared and removed all the same', async () => {
    const { queries } = await fresh()
    const winter = {
      ...{ family: 'winter', modelId: 'segments-kmeans-1', inputs: [], of: { score: 'any' } },
      segments: [{ id: 'winter.1', name: 'Winter', words: 'alike' }],
      ...{ place: () => nowhere, why: () => [] },
    }
    const cold = { id: 'rule.cold', name: 'Cold', words: 'in winter', rule: { segment: 'winter.1' } }
    await expect(declareSegments(queries, [cold])).rejects.toThrow(
      'rule.cold/rule/segment must be a known segment, got winter.1; there is no other',
    )
    await declareSegments(queries, [cold], { models: [winter], byAnalyses: [] })
    await expect(declareSegments(queries, [cold])).rejects.toThrow('got winter.1')
    await declareSegments(queries, [testers])
    await removeSegment(queries, 'rule.cold')
  })

  test('a list holds whom it was given last, and nobody who was erased', async () => {
    const { queries } = await fresh()
    await declareFeatures(queries, [visits])
    await declareSegments(queries, [keen, testers])
    await expect(keepList(queries, 'rule.keen', ['a'])).rejects.toThrow('must be a list to be given customers')
    await keepList(queries, 'list.testers', ['z'])
    await keepList(queries, 'list.testers', ['b', 'a', 'b'])
    expect(await listsNaming(queries, ['q', 'a'])).toEqual(['list.testers'])
    expect(await eraseFromLists(queries, ['a', 'q'])).toEqual({ segment_lists: 1 })
    expect([...(await storedLists(queries))]).toEqual([['list.testers', ['b']]])
  })
})
