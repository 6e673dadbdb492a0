import type { FactKind } from '../defined/fact.ts'
import type { Pattern, SequenceLeaf } from '../defined/plan.ts'
import { type FactColumns, knownRelation } from './known-sql.ts'
import type { MomentSql } from './moments-sql.ts'

/** A sequence and what its columns begin with. */
export interface NamedSequence {
  readonly leaf: SequenceLeaf
  readonly alias: string
}

export interface SequenceSql {
  readonly sequences: readonly NamedSequence[]
  readonly columns: Readonly<Record<FactKind, FactColumns>>
  readonly moment: MomentSql
  /** The relation of the latest session of each group, where a sequence is within it. */
  readonly sessions: string | null
}

/**
 * The relation `sequence_values`: for each group how often each sequence happened, as `…_count`. All sequences of an
 * entity share one sort of the facts that any of them looks for.
 */
export function sequenceSql({ sequences, columns, moment, sessions }: SequenceSql): string[] {
  const kinds = (['event', 'line'] as const).filter((kind) =>
    sequences.some(({ leaf }) => partsOf(leaf).some(({ pattern }) => pattern.kind === kind)),
  )
  const group = moment.group.join(', ')
  const hasSessions = sessions !== null
  const facts = kinds.map((kind) => {
    const of = (pattern: Pattern): string => (pattern.kind === kind ? columns[kind].isMeant(pattern) : 'false')
    const tests = sequences.flatMap(({ leaf, alias }) =>
      partsOf(leaf).map(({ name, pattern }) => {
        const window = name === 'first' ? moment.inWindow(leaf.window) : null
        const test = of(pattern)
        return { column: `${alias}_${name}`, test, sql: window && test !== 'false' ? `(${test} and ${window})` : test }
      }),
    )
    const wanted = [...new Set(tests.map(({ test }) => test).filter((test) => test !== 'false'))]
    const session = hasSessions ? [`${kind === 'event' ? 'session_id' : 'null::varchar'} as session_id`] : []
    const asOf = moment.isListed ? ['as_of'] : []
    return `select ${[group, ...asOf, ...session, 'occurred_at', 'key', ...tests.map(({ column, sql }) => `${sql} as ${column}`)].join(', ')}
      from ${knownRelation(kind)} where ${wanted.join(' or ')}`
  })
  const later = 'over later'
  const nextOf = ({ leaf, alias }: NamedSequence): string[] => [
    `min(occurred_at) filter (where ${alias}_next) ${later} as ${alias}_next_at`,
    ...(leaf.without === null
      ? []
      : [
          `min(place) filter (where ${alias}_next) ${later} as ${alias}_next_place`,
          `min(place) filter (where ${alias}_without) ${later} as ${alias}_without_place`,
        ]),
  ]
  const inOrder = `partition by ${group} order by occurred_at, key`
  return [
    `sequence_facts as (
    select *, row_number() over (${inOrder}) as place from (${facts.join('\n    union all\n    ')}))`,
    `sequence_values as (
    select ${group}, ${sequences.map((one) => `count(*) filter (where ${happened(one, moment)}) as ${one.alias}_count`).join(', ')}
    from (
      select *, ${sequences.flatMap(nextOf).join(',\n        ')}
      from sequence_facts
      window later as (${inOrder} rows between 1 following and unbounded following)) as sequence
    ${hasSessions ? `left join ${sessions} as latest using (${group})` : ''}
    group by ${group})`,
  ]
}

const partsOf = ({ first, next, without }: SequenceLeaf) => [
  { name: 'first', pattern: first },
  { name: 'next', pattern: next },
  ...(without === null ? [] : [{ name: 'without', pattern: without }]),
]

/** Whether a fact begins a sequence that counts. */
function happened({ leaf, alias }: NamedSequence, moment: MomentSql): string {
  const isFollowed = `coalesce(${alias}_next_at <= occurred_at + ${leaf.withinMs}, false)`
  const isClear = `(${alias}_without_place is null or ${alias}_without_place >= ${alias}_next_place)`
  return [
    `${alias}_first`,
    ...(leaf.window.kind === 'session' ? ['sequence.session_id = latest.session_id'] : []),
    ...(leaf.isNever
      ? [`not ${isFollowed}`, `occurred_at + ${leaf.withinMs} <= ${moment.asOf}`]
      : [isFollowed, ...(leaf.without === null ? [] : [isClear])]),
  ].join(' and ')
}
