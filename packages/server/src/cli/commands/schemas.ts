import {
  type BrokenRule,
  everyName,
  type Planned,
  planned,
  type SchemaVersion,
  schemaDeclaration,
  type UndeclaredEvents,
} from '@rapport/protocol'
import { commandLine } from '../../access/index.ts'
import { fit, RapportError } from '../../base/index.ts'
import {
  declareSchema,
  listBrokenRules,
  listSchemas,
  listUndeclared,
  listViolations,
  recordPlanChange,
  retireSchema,
  schemaOf,
  schemaVersions,
} from '../../ingestion/index.ts'
import type { State } from '../../state/index.ts'
import type { Command, Outcome, Surroundings } from '../command.ts'
import { readJsonFile } from '../read-file.ts'
import { textTable } from '../text-table.ts'
import { withState } from '../with-state.ts'
import { refreshPlanOf, withStore } from '../with-store.ts'

export const schemas: Command = {
  name: 'schemas',
  summary: 'The tracking plan: what events must be as JSON Schemas, which events break them, which are not declared',
  words: 'list | show CALL | declare CALL FILE | retire CALL | violations | undeclared',
  options: {
    name: { type: 'string', value: 'NAME', description: 'name of the event or page; without it every other one' },
    version: { type: 'string', value: 'N', description: 'this version' },
    quarantine: { type: 'boolean', description: 'events that break it are kept out until they are mended' },
    limit: { type: 'string', value: 'N', description: 'at most this many violations or names', default: '50' },
  },
  details:
    'A schema is about the properties of a track, page or screen call, or the traits of identify or group:\n' +
    '  rapport schemas declare track order.json --name "Order Completed"\n' +
    'Events that break their schema stay in the log and are marked. Declaring another schema makes a new version.',
  run: (surroundings) =>
    withState(surroundings.store, (state) => {
      const [word = 'list', ...words] = surroundings.given.words
      const action = Object.hasOwn(actions, word) ? actions[word]! : undefined
      if (action && words.length === action.words) return action.run(surroundings, state, words)
      throw new RapportError(
        'cli.words',
        `schemas must be followed by ${schemas.words!.replaceAll(' |', ',')}, got ${[word, ...words].join(' ')}`,
      )
    }),
}

interface Action {
  /** Words after its name. */
  readonly words: number
  readonly run: (surroundings: Surroundings, state: State, words: readonly string[]) => Promise<Outcome>
}

const actions: Readonly<Record<string, Action>> = {
  list: {
    words: 0,
    run: async (_, { queries }) => {
      const all = await listSchemas(queries)
      return { document: all, text: all.length === 0 ? 'no event is declared yet' : describeVersions(all) }
    },
  },
  show: {
    words: 1,
    run: async ({ given }, { queries }, words) => {
      const about = plannedOf(words[0]!, given.text('name'))
      const one = await schemaOf(queries, about, given.whole('version', 1))
      const versions = await schemaVersions(queries, about)
      return {
        document: { ...one, versions: versions.length },
        text: `${describeVersions(versions)}\n\n${JSON.stringify(one.schema, null, 2)}`,
      }
    },
  },
  declare: {
    words: 2,
    run: async ({ given, path, store }, state, [call, file]) => {
      const about = plannedOf(call!, given.text('name'))
      const declaration = fit(
        schemaDeclaration,
        {
          schema: readJsonFile(path(file!), file!, 'a schema'),
          onViolation: given.flag('quarantine') ? 'quarantine' : 'mark',
        },
        'plan.declaration',
      )
      const { declared, isNew } = await state.transaction(async (queries) => {
        const result = await declareSchema(queries, about, declaration)
        if (result.isNew) await recordPlanChange(queries, commandLine, 'plan.declare', result.declared)
        return result
      })
      await refreshPlanOf(store)
      const said = isNew ? 'holds now' : 'says the same already'
      return { document: declared, text: `version ${declared.version} of ${about.call} ${about.name} ${said}` }
    },
  },
  retire: {
    words: 1,
    run: async ({ given, store }, state, words) => {
      const about = plannedOf(words[0]!, given.text('name'))
      const retired = await state.transaction(async (queries) => {
        const result = await retireSchema(queries, about)
        await recordPlanChange(queries, commandLine, 'plan.retire', result)
        return result
      })
      await refreshPlanOf(store)
      return { document: retired, text: `nothing is declared for ${about.call} ${about.name} any more` }
    },
  },
  violations: {
    words: 0,
    run: async ({ given }, { queries }) => {
      const filter = { name: given.text('name'), version: given.whole('version', 1) }
      const rules = await listBrokenRules(queries, filter)
      const { violations } = await listViolations(queries, filter, { limit: Math.max(10, given.whole('limit', 1)!) })
      const text = rules.length === 0 ? 'no event breaks its schema' : describeRules(rules)
      return { document: { rules, violations }, text }
    },
  },
  undeclared: {
    words: 0,
    run: ({ given, store }, { queries }) =>
      withStore(store, async (warehouse) => {
        const names = await listUndeclared(warehouse, queries, given.whole('limit', 1)!)
        return { document: names, text: names.length === 0 ? 'every event is declared' : describeUndeclared(names) }
      }),
  },
}

const plannedOf = (call: string, name: string | undefined): Planned =>
  fit(planned, { call, name: name ?? everyName }, 'plan.name')

function describeVersions(versions: readonly SchemaVersion[]): string {
  const table = textTable(versions, [
    { title: 'call', value: ({ call }) => call },
    { title: 'name', value: ({ name }) => name },
    { title: 'version', value: ({ version }) => String(version), align: 'right' },
    { title: 'since', value: ({ declaredAt }) => declaredAt.slice(0, 16) },
    {
      title: 'what breaks it',
      value: ({ schema, onViolation }) => (schema === null ? 'retired' : outcomes[onViolation]),
    },
    { title: 'checked', value: ({ checked }) => checked.toLocaleString('en'), align: 'right' },
    { title: 'broken by', value: ({ violating }) => violating.toLocaleString('en'), align: 'right' },
  ])
  const keepsOut = versions.some(({ schema, onViolation }) => schema !== null && onViolation === 'quarantine')
  return keepsOut ? `${table}\nevents that are kept out are not among these: rapport quarantine list shows them` : table
}

const outcomes = { mark: 'is marked', quarantine: 'is kept out' } as const

const describeRules = (rules: readonly BrokenRule[]): string =>
  textTable(rules, [
    { title: 'events', value: ({ events }) => events.toLocaleString('en'), align: 'right' },
    { title: 'call', value: ({ call }) => call },
    { title: 'name', value: ({ name }) => name },
    { title: 'version', value: ({ version }) => String(version), align: 'right' },
    { title: 'rule', value: ({ rule }) => rule },
    { title: 'what must hold', value: ({ must }) => must },
    { title: 'last', value: ({ lastAt }) => lastAt.slice(0, 16) },
  ])

const describeUndeclared = (names: readonly UndeclaredEvents[]): string =>
  textTable(names, [
    { title: 'events', value: ({ events }) => events.toLocaleString('en'), align: 'right' },
    { title: 'call', value: ({ call }) => call },
    { title: 'name', value: ({ name }) => name },
    { title: 'last', value: ({ lastAt }) => lastAt.slice(0, 16) },
  ])
