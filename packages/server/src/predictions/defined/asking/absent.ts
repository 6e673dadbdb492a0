import type { PredictionTarget } from '@rapport/protocol'
import { eventColumnNames, eventConditions, propertyNumber } from '../../../rules/index.ts'
import { duckdbDialect, readQueries, type Warehouse } from '../../../warehouse/index.ts'
import type { NotEnough } from '../../result.ts'
import { type Prediction, testsTraits } from './definition.ts'
import { nextSteps } from './next-steps.ts'
import { categoryPath } from './outcome-sql.ts'

const query = readQueries(new URL('./cohort.sql', import.meta.url))

/** What a prediction asks of that the store has nothing of at all; undefined where all of it is there. */
export async function whatIsAbsent(warehouse: Warehouse, prediction: Prediction): Promise<NotEnough | undefined> {
  const { target } = prediction.definition
  const is = async (name: string, parameters?: { readonly name: string }): Promise<boolean> =>
    (await warehouse.rows<{ found: boolean }>(query(name), parameters))[0]!.found
  if (testsTraits(prediction) && (await is('undated_traits'))) {
    return no(
      'its population tests a trait, and traits of this store carry no date: what was known at the cuts is not known',
    )
  }
  if (target.kind === 'trait' && (await is('undated_traits'))) {
    return no('it asks for a change of a trait, and traits of this store carry no date')
  }
  if (target.kind === 'trait' || target.kind === 'series' || target.kind === 'session' || target.of === 'spend')
    return undefined
  const { of } = target
  if ('event' in of) {
    if (await is('target_events', { name: of.event })) return absentInside(warehouse, of)
    return no(`no customer who may be profiled has an event named ${of.event}; ${nextSteps(prediction)}`)
  }
  if (of.category !== undefined && !(await is('target_category', { name: categoryPath(of.category) }))) {
    return no(`nobody who may be profiled bought anything of the category ${of.category}`)
  }
  return undefined
}

type Events = Extract<Exclude<Extract<PredictionTarget, { of: unknown }>['of'], string>, { event: string }>

/** Of events that are there: whether one meets the conditions, and has the number that is to be summed. */
async function absentInside(warehouse: Warehouse, of: Events): Promise<NotEnough | undefined> {
  const { event, where } = of
  const any = async (conditions: readonly string[]): Promise<boolean> => {
    const sql = `select exists (from profiled_events where ${conditions.join(' and ')}) as found`
    return (await warehouse.rows<{ found: boolean }>(sql))[0]!.found
  }
  const conditions = eventConditions(of, duckdbDialect)
  if (where !== undefined && !(await any(conditions))) {
    return no(`no event named ${event} has ${JSON.stringify(where)}; ${await propertiesOf(warehouse, event)}`)
  }
  if (!('property' in of)) return undefined
  if (await any([...conditions, `isfinite(${propertyNumber(of.property, duckdbDialect)})`])) return undefined
  return no(`no event named ${event} has a number in ${of.property}; ${await propertiesOf(warehouse, event)}`)
}

async function propertiesOf(warehouse: Warehouse, name: string): Promise<string> {
  const [seen] = await warehouse.rows<{ keys: string | null; columns: string }>(query('event_properties'), { name })
  const columns = eventColumnNames.filter((column) => seen!.columns.split(' ').includes(column))
  const known = [...columns, ...(seen!.keys === null ? [] : seen!.keys.split('\n'))]
  return known.length === 0 ? 'it has no properties' : `its properties are ${known.join(', ')}`
}

const no = (because: string): NotEnough => ({ found: false, because })
