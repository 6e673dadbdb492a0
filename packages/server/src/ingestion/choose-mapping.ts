import type { ImportKind, MappingProposal } from '@rapport/protocol'
import { RapportError, type Work } from '../base/index.ts'
import type { FileReader } from '../warehouse/index.ts'
import { mappingOf, type Preset } from './mapping/presets.ts'
import { proposeMapping } from './mapping/propose-mapping.ts'
import { neededTargets } from './mapping/target-weights.ts'
import { checkMapping } from './resolve-columns.ts'

type Mapping = Readonly<Record<string, string>>

/** What the user said about the mapping. */
export interface Wish {
  readonly kind: ImportKind
  readonly map?: Mapping
  readonly preset?: Preset
  readonly confirm?: (proposal: MappingProposal) => Promise<boolean>
}

/**
 * The mapping to import with: the user's, the preset's, or a proposed one that has no open question and that the user
 * takes. A user's mapping that lacks what is needed is filled up by a proposal.
 *
 * @throws RapportError `ingestion.mapping` for a column that the file does not have, or with the open questions, `ingestion.declined` when the user does not take it
 */
export async function chooseMapping(
  reader: FileReader,
  names: readonly string[],
  wish: Wish,
  work?: Work,
): Promise<Mapping> {
  const { kind, map = {}, preset } = wish
  checkMapping(kind, names, map)
  const given = { ...(preset ? mapOfPreset(preset, names) : {}), ...map }
  const lacking = neededTargets[kind].filter((group) => !group.some((target) => target in given))
  if (lacking.length === 0) return given
  const proposal = await proposeMapping(reader, kind, names, work, given)
  if (proposal.questions.length > 0) {
    // Shown, so that a person sees what is known before what is asked; no answer can take it.
    const isShown = wish.confirm !== undefined
    await wish.confirm?.(proposal)
    const count = proposal.questions.length
    const taken = proposal.columns.map(({ target, source }) => `${target}=${source}`)
    throw new RapportError(
      'ingestion.mapping',
      `the mapping must be certain, got ${count} open question${count === 1 ? '' : 's'}` +
        (isShown
          ? ', shown above: answer with --map TARGET=COLUMN'
          : `: ${proposal.questions.join(' ')} ` +
            `Answer with --map TARGET=COLUMN for these${taken.length > 0 ? ` (so far: ${taken.join(', ')})` : ''}`),
    )
  }
  if (wish.confirm && !(await wish.confirm(proposal))) {
    throw new RapportError(
      'ingestion.declined',
      'the proposed mapping must be taken, got a no: say --map TARGET=COLUMN',
    )
  }
  return { ...Object.fromEntries(proposal.columns.map(({ target, source }) => [target, source])), ...map }
}

function mapOfPreset(preset: Preset, names: readonly string[]): Mapping {
  const map = mappingOf(preset, names)
  if (map) return map
  throw new RapportError(
    'ingestion.preset',
    `the file must have the columns of the preset, got ${names.join(', ')}: leave the preset out`,
  )
}
