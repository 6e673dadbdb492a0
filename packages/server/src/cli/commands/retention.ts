import { type RetentionPlan, type RetentionSettings, retentionKind, retentionPeriod } from '@rapport/protocol'
import { commandLine, recordAudit } from '../../access/index.ts'
import { isoOf, RapportError } from '../../base/index.ts'
import { changeRetention, type Privacy, type RetentionRun, readRetention } from '../../consent/index.ts'
import type { State } from '../../state/index.ts'
import type { Command, Outcome, Surroundings } from '../command.ts'
import type { OpenPrivacy } from '../serve.ts'
import { textTable } from '../text-table.ts'
import { withState } from '../with-state.ts'
import { withPrivacy } from '../with-store.ts'

export const retention = (openPrivacy: OpenPrivacy): Command => ({
  name: 'retention',
  summary: 'How long what is kept, and the deletion of what was kept for long enough',
  words: 'show | set KIND PERIOD | clear KIND | files rewrite|keep | run',
  options: { 'dry-run': { type: 'boolean', description: 'with run: count what would go, and delete nothing' } },
  details:
    'KIND: events, events/page, events/track/NAME (the most particular holds), orders, quarantine, visitors (browsers without\n' +
    'a name and an order, since they were last heard of), audit, jobs (that ended), failed-events.\n' +
    'PERIOD: 90d, 18m, 7y. What has no period is kept for good. A server runs it every day.\n' +
    'files rewrite (the default) rewrites the files after a run that deleted something; files keep leaves what was deleted in\n' +
    'their free room until an erasure rewrites them.',
  run: (surroundings) => {
    const [word, ...rest] = surroundings.given.words
    if (word === 'run') {
      return withPrivacy(surroundings.store, openPrivacy, (privacy, state) => run(privacy, state, rest, surroundings))
    }
    return withState(surroundings.store, async (state) => {
      if (word === 'show' && wordsOf(word, rest, 0)) return show(await readRetention(state.queries))
      if (word === 'set') return set(state, wordsOf(word, rest, 2))
      if (word === 'clear') return clear(state, wordsOf(word, rest, 1))
      if (word === 'files') return files(state, wordsOf(word, rest, 1))
      throw new RapportError(
        'cli.words',
        `retention must be followed by show, set, clear, files or run, got ${word ?? 'nothing'}`,
      )
    })
  },
})

function wordsOf(word: string, rest: readonly string[], n: number): readonly string[] {
  if (rest.length === n) return rest
  throw new RapportError('cli.words', `retention ${word} must be followed by ${n} words, got ${rest.length}`)
}

async function set(state: State, [kind, period]: readonly string[]): Promise<Outcome> {
  for (const [schema, given] of [
    [retentionKind, kind],
    [retentionPeriod, period],
  ] as const) {
    const parsed = schema.safeParse(given)
    if (!parsed.success) throw new RapportError('cli.words', `${given} ${parsed.error.issues[0]!.message}`)
  }
  const change = ({ periods, ...held }: RetentionSettings) => ({ ...held, periods: { ...periods, [kind!]: period! } })
  return show(await changeRetention(state, commandLine, change))
}

async function clear(state: State, [kind]: readonly string[]): Promise<Outcome> {
  const { periods: held } = await readRetention(state.queries)
  if (!Object.hasOwn(held, kind!)) {
    const known = Object.keys(held).join(', ') || 'none has one'
    throw new RapportError('cli.words', `retention clear must name a kind with a period (${known}), got ${kind}`)
  }
  return show(
    await changeRetention(state, commandLine, ({ periods: { [kind!]: _, ...periods }, ...rest }) => ({
      ...rest,
      periods,
    })),
  )
}

async function files(state: State, [word]: readonly string[]): Promise<Outcome> {
  if (word !== 'rewrite' && word !== 'keep') {
    throw new RapportError('cli.words', `retention files must be followed by rewrite or keep, got ${word}`)
  }
  return show(await changeRetention(state, commandLine, (held) => ({ ...held, rewritesFiles: word === 'rewrite' })))
}

async function run(
  privacy: Privacy,
  { queries }: State,
  rest: readonly string[],
  { given, work }: Surroundings,
): Promise<Outcome> {
  wordsOf('run', rest, 0)
  if (given.flag('dry-run')) {
    const plan = await privacy.retention.plan()
    return { document: plan, text: plan.length === 0 ? unset : describePlan(plan) }
  }
  await recordAudit(queries, { actor: commandLine, action: 'retention.run' })
  const ran = await privacy.retention.run(work)
  return { document: ran, text: describeRun(ran) }
}

const unset = 'no period is set: everything is kept for good'

function show(held: RetentionSettings): Outcome {
  const periods = Object.entries(held.periods).sort(([one], [other]) => (one < other ? -1 : 1))
  const table = textTable(periods, [
    { title: 'kind', value: ([kind]) => kind },
    { title: 'kept for', value: ([, period]) => inWords(period) },
  ])
  const after = held.rewritesFiles
    ? 'files are rewritten after a run that deleted something'
    : 'what was deleted stays in free room of the files until an erasure rewrites them'
  return { document: held, text: `${periods.length === 0 ? unset : table}\n${after}` }
}

function inWords(period: string): string {
  const units = { d: 'day', m: 'month', y: 'year' } as const
  const n = period.slice(0, -1)
  const unit = units[period.slice(-1) as keyof typeof units]
  return `${n} ${unit}${n === '1' ? '' : 's'}`
}

const describePlan = (plan: readonly RetentionPlan[]): string =>
  textTable(plan, [
    { title: 'kind', value: ({ kind }) => kind },
    { title: 'kept for', value: ({ period }) => inWords(period) },
    { title: 'would go', value: ({ rows }) => String(rows), align: 'right' },
    { title: 'oldest that stays', value: ({ oldestKept }) => (oldestKept === null ? '' : isoOf(oldestKept)) },
  ])

function describeRun({ removed, areFilesClean }: RetentionRun): string {
  const counts = Object.entries(removed).filter(([, n]) => n > 0)
  const gone = counts.map(([name, n]) => `${n} of ${name}`).join(', ')
  if (areFilesClean) return `deleted: ${gone || 'nothing was old enough'}`
  return `deleted: ${gone || 'nothing was old enough'}\nwhat was deleted is in free room of the files until they are rewritten`
}
