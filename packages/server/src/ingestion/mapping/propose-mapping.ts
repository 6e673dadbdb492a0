import { type ImportKind, type MappedColumn, type MappingProposal, type Target, targetsOf } from '@rapport/protocol'
import type { Work } from '../../base/index.ts'
import type { FileReader } from '../../warehouse/index.ts'
import { askOfMisfits, guessByValues } from './ask-of-values.ts'
import { type Candidate, chooseByNames, settleAmounts, sure } from './choose-columns.ts'
import { decideDateFormat } from './date-format.ts'
import { recogniseFile } from './presets.ts'
import { type ColumnProfile, profileColumns } from './profile-columns.ts'
import { readSource } from './source-hints.ts'
import { neededTargets } from './target-weights.ts'

type Mapping = Readonly<Record<string, string>>

/**
 * Proposes which column holds what, from the columns' names (in five languages) and values.
 *
 * A name alone never decides against the values: a column of dates is no id, text is no price. Where names leave a needed or
 * weighty target open between columns, or say nothing, the proposal asks; a mapping with questions is not to be taken.
 *
 * @param names source names: the i-th is column `c<i>` of the reader's view `source`
 * @param given what the user has said already: target → source
 */
export async function proposeMapping(
  reader: FileReader,
  kind: ImportKind,
  names: readonly string[],
  work?: Work,
  given: Mapping = {},
): Promise<MappingProposal> {
  const targets = targetsOf(kind).filter(({ type }) => type !== 'json')
  const questions: string[] = []
  const file = recogniseFile(kind, names)
  // Of a file that is known, only what it is known to have is shown.
  const shown = file && new Set([...taken(file.mapping, names), ...taken(given, names)])
  const profiles = await profileColumns(reader, names, shown, work)
  const chosen = file
    ? chosenOf(targets, profiles, withoutSaid(file.mapping, given), names, `so in ${file.words}`)
    : chooseByNames(kind, targets, profiles, new Set(Object.keys(given)), taken(given, names), questions)
  for (const [name, candidate] of chosenOf(targets, profiles, given, names, 'you said so')) chosen.set(name, candidate)
  if (kind === 'orders' && !file && !('amount' in given)) settleAmounts(chosen)
  if (!file) {
    guessByValues(kind, targets, profiles, chosen, questions)
    askOfMisfits(kind, targets, profiles, chosen, questions)
  }
  for (const group of neededTargets[kind]) {
    if (group.some((name) => chosen.has(name))) continue
    questions.push(`which column holds ${group.map((name) => `${name} (${docOf(targets, name)})`).join(' or ')}?`)
  }
  for (const { target, profile } of chosen.values()) {
    if (!profile.date?.isAmbiguous || target.type === 'text' || target.name in given) continue
    const whole = await decideDateFormat(reader, 'source', profile.column)
    if (whole?.isAmbiguous) {
      questions.push(
        `does ${profile.name} (${profile.sample.slice(0, 2).join(', ')}) write the day or the month first? ` +
          `${target.name}=${profile.name}:dd/mm or ${target.name}=${profile.name}:mm/dd`,
      )
    }
  }
  const used = new Set([...chosen.values()].map(({ profile }) => profile.name))
  const scores = neededTargets[kind].map((group) => Math.max(0, ...group.map((name) => chosen.get(name)?.score ?? 0)))
  const columns = targets.flatMap(({ name }) => (chosen.has(name) ? [columnOf(chosen.get(name)!)] : []))
  return {
    kind,
    columns,
    unmapped: names.filter((name) => !used.has(name)),
    confidence: Math.min(...scores, questions.length > 0 ? 0.5 : 1),
    questions,
  }
}

/** The columns that a mapping takes. */
const taken = (mapping: Mapping, names: readonly string[]): ReadonlySet<string> =>
  new Set(Object.values(mapping).map((source) => readSource(source, names).name))

/** What is known of a file, less what the user has said otherwise of a target. */
const withoutSaid = (mapping: Mapping, given: Mapping): Mapping =>
  Object.fromEntries(Object.entries(mapping).filter(([target]) => !(target in given)))

/** The columns of a mapping, by target. */
function chosenOf(
  targets: readonly Target[],
  profiles: readonly ColumnProfile[],
  mapping: Mapping,
  names: readonly string[],
  why: string,
): Map<string, Candidate> {
  const chosen = new Map<string, Candidate>()
  for (const [name, written] of Object.entries(mapping)) {
    const target = targets.find((one) => one.name === name)
    const profile = profiles.find((one) => one.name === readSource(written, names).name)
    if (target && profile) chosen.set(name, { target, profile, score: 1, written, why })
  }
  return chosen
}

const docOf = (targets: readonly Target[], name: string): string =>
  targets.find((target) => target.name === name)?.doc ?? name

const columnOf = ({ target, profile, score, written, why }: Candidate): MappedColumn => ({
  target: target.name,
  source: written ?? profile.name,
  why: `${why ?? byScore(score)}, ${likeness(profile)}`,
  sample: [...profile.sample.slice(0, 3)],
})

const byScore = (score: number): string =>
  score >= 0.95 ? 'its name says so' : score >= sure ? 'its name is close' : 'its values look like it'

function likeness(profile: ColumnProfile): string {
  if (profile.filled === 0) return 'all empty'
  if (profile.date && profile.date.share > 0.8) return 'dates'
  if (profile.emails > 0.8) return 'email addresses'
  if (profile.numeric > 0.95) return profile.whole > 0.99 ? 'whole numbers' : 'numbers'
  return profile.uniqueness === 1 ? 'text, all different' : `text, ${profile.distinct} different`
}
