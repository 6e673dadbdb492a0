import { type ImportKind, type MappedColumn, type MappingProposal, type Target, targetsOf } from '@rapport/protocol'
import type { Work } from '../../base/index.ts'
import type { FileReader } from '../../warehouse/index.ts'
import { askOfMisfits, guessByValues, isDates } from './ask-of-values.ts'
import { type Candidate, chooseColumns, possible, settleAmounts, sure } from './choose-columns.ts'
import { decideDateFormat } from './date-format.ts'
import { nameFits } from './header-words.ts'
import { type ColumnProfile, profileColumns } from './profile-columns.ts'
import { neededTargets, weighty } from './target-weights.ts'
import { valueFits } from './value-fits.ts'

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
  given: Readonly<Record<string, string>> = {},
): Promise<MappingProposal> {
  const profiles = await profileColumns(reader, names, work)
  const targets = targetsOf(kind).filter(({ type }) => type !== 'json')
  const dates = profiles.filter((profile) => isDates(profile))
  const candidates = profiles
    .flatMap((profile) => {
      const fits = nameFits(kind, profile.name)
      return targets.map((target) => {
        const fit = valueFits(target, profile) ? (fits.get(target.name) ?? 0) : 0
        // The only column of dates needs no better name than one that hints at it.
        const isOnlyDate = target.name === 'occurred_at' && dates.length === 1 && fit >= possible
        return { target, profile, score: isOnlyDate ? Math.max(fit, 0.8) : fit }
      })
    })
    .filter(({ score, target, profile }) => {
      const least = weighty[kind].includes(target.name) ? possible : sure
      const said = Object.entries(given).find(
        ([name, source]) => name === target.name || isSource(source, profile.name),
      )
      return said === undefined && score >= least
    })
  const questions: string[] = []
  const chosen = chooseColumns(kind, targets, candidates, questions)
  for (const [name, source] of Object.entries(given)) {
    const target = targets.find((one) => one.name === name)
    const profile = profiles.find((one) => isSource(source, one.name))
    if (target && profile) chosen.set(name, { target, profile, score: 1 })
  }
  if (kind === 'orders') settleAmounts(chosen)
  guessByValues(kind, targets, profiles, chosen, questions)
  askOfMisfits(kind, targets, profiles, chosen, questions)
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
  const taken = new Set([...chosen.values()].map(({ profile }) => profile.name))
  const scores = neededTargets[kind].map((group) => Math.max(0, ...group.map((name) => chosen.get(name)?.score ?? 0)))
  const columns = targets.flatMap(({ name }) => (chosen.has(name) ? [columnOf(chosen.get(name)!)] : []))
  return {
    kind,
    columns,
    unmapped: names.filter((name) => !taken.has(name)),
    confidence: Math.min(...scores, questions.length > 0 ? 0.5 : 1),
    questions,
  }
}

/** Whether what a user wrote, perhaps with how its values read, is the column. */
const isSource = (written: string, name: string): boolean => written === name || written.startsWith(`${name}:`)

const docOf = (targets: readonly Target[], name: string): string =>
  targets.find((target) => target.name === name)?.doc ?? name

const columnOf = ({ target, profile, score }: Candidate): MappedColumn => ({
  target: target.name,
  source: profile.name,
  why: `${score >= 0.95 ? 'its name says so' : score >= sure ? 'its name is close' : 'its values look like it'}, ${likeness(profile)}`,
  sample: [...profile.sample.slice(0, 3)],
})

function likeness(profile: ColumnProfile): string {
  if (profile.filled === 0) return 'all empty'
  if (profile.date && profile.date.share > 0.8) return 'dates'
  if (profile.emails > 0.8) return 'email addresses'
  if (profile.numeric > 0.95) return profile.whole > 0.99 ? 'whole numbers' : 'numbers'
  return profile.uniqueness === 1 ? 'text, all different' : `text, ${profile.distinct} different`
}
