import { countOf, RapportError } from '../../base/index.ts'
import { computeFeatures } from '../../features/index.ts'
import { lastMoment } from '../../insights/index.ts'
import type { Command, Outcome } from '../command.ts'
import { checkFeaturesOf, declareFeaturesOf, removeFeatureOf } from './live/declare.ts'
import { featureValues, featureVersionsOf, listFeatures, showFeature } from './live/feature-actions.ts'
import { type Both, withBoth } from './live/with-both.ts'

export const features: Command = {
  name: 'features',
  summary: 'Declares features, lists and shows them with who uses them, says their values; computes the catalogue',
  words: 'list | show NAME | versions NAME | check FILE | declare [FILE] | remove NAME | value ID… | compute',
  options: {
    'as-of': { type: 'string', value: 'MOMENT', description: 'as of when value says them (default: now)' },
    feature: { type: 'string', value: 'NAME', description: 'which ones value says (default: all)', multiple: true },
  },
  details: [
    'list      those that are declared, with who uses them, and the catalogue',
    'show      one of them; or what the catalogue says of a customer',
    'versions  everything that one was declared as, the latest first',
    'check     says everything that is wrong with the definitions in a JSON file, and changes nothing',
    'declare   those of a JSON file, one or several that may name each other, or those that come with the product; a server has',
    '          them true at once',
    'remove    one that nothing uses',
    'value     declared features of customers, now or as of a moment of the past (--as-of 2026-03-29T12:00:00Z)',
    'compute   those of the catalogue, as of the last record, for analyses',
    '',
    'How they are written: docs/methods/feature-definitions.md',
  ].join('\n'),
  run: (here) =>
    withBoth(here, async (both) => {
      const [action = 'list', ...words] = here.given.words
      const run = Object.hasOwn(actions, action) ? actions[action] : undefined
      if (run === undefined)
        throw new RapportError(
          'cli.words',
          `features must be followed by one of ${Object.keys(actions).join(', ')}, got ${action}`,
        )
      const { takes } = run
      const [least, most] =
        takes === null ? [0, 0] : takes.startsWith('[') ? [0, 1] : takes.endsWith('…') ? [1, 1000] : [1, 1]
      if (words.length < least || words.length > most)
        throw new RapportError(
          'cli.words',
          `features ${action} must be followed by ${takes ?? 'no other word'}, got ${words.join(' ') || 'none'}`,
        )
      return run.do(both, words)
    }),
}

interface Action {
  /** What must follow it: `FILE`; null where nothing may, with … where there may be several. */
  readonly takes: string | null
  readonly do: (both: Both, words: readonly string[]) => Promise<Outcome>
}

const actions: Readonly<Record<string, Action>> = {
  list: { takes: null, do: listFeatures },
  show: { takes: 'NAME', do: (both, [name]) => showFeature(both, name!) },
  versions: { takes: 'NAME', do: (both, [name]) => featureVersionsOf(both, name!) },
  check: { takes: 'FILE', do: (both, [file]) => checkFeaturesOf(both, file!) },
  declare: { takes: '[FILE]', do: (both, [file]) => declareFeaturesOf(both, file) },
  remove: { takes: 'NAME', do: (both, [name]) => removeFeatureOf(both, name!) },
  value: { takes: 'ID…', do: featureValues },
  compute: { takes: null, do: computeCatalogue },
}

async function computeCatalogue({ warehouse, work }: Both): Promise<Outcome> {
  const {
    table,
    asOf,
    rows,
    features: computed,
  } = await computeFeatures(warehouse, { asOf: await lastMoment(warehouse) }, work)
  return {
    document: { table, asOf, rows, features: computed.map(({ name }) => name) },
    text: `computed ${countOf(computed.length, 'feature')} of ${countOf(rows, 'customer')}`,
  }
}
