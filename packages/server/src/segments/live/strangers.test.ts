import { expect, it } from 'vitest'
import { compileSegments } from './compile.ts'
import { readSegmentDefinition } from './segment-definition.ts'
import { fillingOf, Strangers } from './strangers.ts'

const segment = { id: 'rule.seen', name: 'Seen', words: 'seen', rule: { event: 'View', withinDays: 2 } }
const compiled = compileSegments({ segments: [readSegmentDefinition(segment)], features: [], timezone: 'UTC' })
const nobody = { left: 0, total: 9, segments: [] }

it('counts whom nobody knew, beside those who are looked at again for segments that are new', () => {
  const strangers = new Strangers()
  const looked = strangers.counted(new Set(['ada', 'bob']))
  looked.next()
  expect(fillingOf({ backfilling: nobody }, strangers, compiled)).toEqual({
    done: 0,
    total: 2,
    segments: ['rule.seen'],
  })
  looked.next()
  const both = { left: 3, total: 4, segments: ['rule.new'] }
  expect(fillingOf({ backfilling: both }, strangers, compiled)).toEqual({ done: 2, total: 6, segments: ['rule.new'] })
  strangers.end()
  expect(fillingOf({ backfilling: nobody }, strangers, compiled)).toBeNull()
})
