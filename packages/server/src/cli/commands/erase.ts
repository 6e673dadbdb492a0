import { commandLine, recordAudit } from '../../access/index.ts'
import { isoOf, RapportError } from '../../base/index.ts'
import type { Erasure } from '../../consent/index.ts'
import type { Command, Outcome, Surroundings } from '../command.ts'
import type { OpenPrivacy } from '../serve.ts'
import { withPrivacy } from '../with-store.ts'

export const erase = (openPrivacy: OpenPrivacy): Command => ({
  name: 'erase',
  summary: 'Erases a customer: from everything that can be read at once, from the files within days',
  words: 'ID | list',
  options: {
    now: { type: 'boolean', description: 'rewrite the files now, not within the configured days; also without an ID' },
    suppress: { type: 'boolean', description: 'refuse what comes of this customer later, too' },
    yes: { type: 'boolean', description: 'do not ask' },
  },
  details:
    'Every id, address and device that is theirs alone goes with them. What comes again of before (late events, files\n' +
    'imported again) is refused and counted; what happens later begins a new customer.',
  run: (surroundings) =>
    withPrivacy(surroundings.store, openPrivacy, async (privacy, { queries }): Promise<Outcome> => {
      const { given, work } = surroundings
      const id = wordOf(surroundings)
      if (id === 'list') return outcomeOf(await privacy.erasures(1000))
      if (id === undefined) return outcomeOf(await privacy.finish(work))
      if (!given.flag('yes') && !(await surroundings.ask(`Erase ${id} for good?`))) {
        throw new RapportError('cli.confirm', 'an erasure cannot be taken back: say --yes where nobody can be asked')
      }
      const { erasureId } = await privacy.erase(id, { isSuppressed: given.flag('suppress') })
      const entry = { actor: commandLine, action: 'customers.erase', target: { person: id } }
      await recordAudit(queries, { ...entry, detail: { erasureId } })
      if (given.flag('now')) await privacy.finish(work)
      return outcomeOf([await privacy.receipt(erasureId)])
    }),
})

function wordOf({ given }: Surroundings): string | undefined {
  const [id, ...more] = given.words
  if (more.length === 0 && (id !== undefined || given.flag('now'))) return id
  throw new RapportError(
    'cli.words',
    `erase must be followed by one customer, by list, or by --now alone, got ${given.words.join(' ') || 'nothing'}`,
  )
}

const outcomeOf = (erasures: readonly Erasure[]): Outcome => ({
  document: erasures,
  text: erasures.map(describe).join('\n\n') || 'no erasure waits for the files to be rewritten',
})

function describe({
  erasureId,
  askedAt,
  removedAt,
  dueAt,
  finishedAt,
  removed,
  modelsToRetrain,
  refused,
}: Erasure): string {
  const counts = Object.values(removed).flatMap((tables) => Object.entries(tables))
  const gone = counts.filter(([, n]) => n > 0).map(([table, n]) => `${n} of ${table}`)
  return [
    `${erasureId}, asked for ${isoOf(askedAt)}`,
    removedAt === null ? 'is being removed' : `removed: ${gone.join(', ') || 'nothing was there'}`,
    finishedAt === null ? `gone from the files by ${isoOf(dueAt)}` : `gone from the files since ${isoOf(finishedAt)}`,
    ...(modelsToRetrain.length > 0
      ? [
          `trained with them: ${modelsToRetrain.map(({ modelId }) => modelId).join(', ')}`,
          'the next analysis makes its own anew; families of segments when they are discovered or taught again, predictions when they are trained again',
        ]
      : []),
    ...(refused > 0 ? [`came again and was refused: ${refused}`] : []),
  ].join('\n')
}
