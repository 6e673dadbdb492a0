import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

// Every room that trains or scores reads customers through the profiled_… views, and shows what it found through the
// served_… ones. What reads around them is listed here with its reason, or the test fails.

const rooms = ['features', 'rules', 'segments', 'predictions', 'recommendations']
const source = join(import.meta.dirname, '..')

/** Facts that name customers, and what was found of them. */
const guarded =
  /\b(?:from|join|update)\s+(order_lines|kept_lines|known_events|events|customers|current_customers|orders|scores|segment_members|recommendations)\b/g

/** Reads nobody's profile: settings and whether a store has anything of a kind, or writes what is guarded when read. */
const allowed: Readonly<Record<string, string>> = {
  'features/live/live.sql mark scores': 'how many there are, and of when',
  'features/live/live.sql mark events': 'how many there are',
  'features/live/live.sql mark order_lines': 'how many there are',
  'features/live/live.sql received_after events': 'when the latest was received',
  'features/live/live.sql told_otherwise order_lines': 'whether lines are there as they were told',
  'features/queries.sql store_basis kept_lines': 'the currency that most lines have',
  'features/queries.sql present_facts order_lines': 'whether there is any line of a kind',
  'features/queries.sql undated_traits customers': 'whether traits have dates',
  'segments/families.sql baskets customers': 'a relation of the query',
  'segments/families.sql resolve_labels order_lines': 'whether anything names an id',
  'segments/families.sql resolve_labels known_events': 'whether anything names an id',
  'segments/families.sql resolve_labels customers': 'whether anything names an id',
  'segments/habits.sql habits orders': 'a relation of the query',
  'segments/queries.sql buyers orders': 'a relation of the query',
  'segments/queries.sql has_costs order_lines': 'whether any line has a cost',
  'segments/queries.sql forget_members segment_members': 'deletes',
  'segments/queries.sql export_members current_customers': 'contact fields of members that are served',
  'predictions/defined/series/daily-sales.sql daily_sales kept_lines':
    'what the shop sells a day, of nobody in particular',
  'predictions/defined/registry.sql drop_scores scores': 'deletes',
  'predictions/lapse.sql drop_lapse_scores scores': 'deletes',
  'predictions/lifetime.sql lifetime_currency kept_lines': 'the currency that most lines have',
  'predictions/publish.ts scores': 'deletes',
  'recommendations/queries.sql clear_recommendations recommendations': 'deletes',
  'recommendations/queries.sql purchases customers': 'a relation of the query',
  'recommendations/queries.sql purchases orders': 'a relation of the query',
  'recommendations/queries.sql basket_entries orders': 'a relation of the query',
}

function readsOf(room: string): string[] {
  const files = readdirSync(join(source, room), { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(sql|ts)$/.test(file) && !isTest(file),
  )
  return files.flatMap((file) => {
    const text = readFileSync(join(source, room, file), 'utf8')
    const blocks = file.endsWith('.sql') ? text.split(/^-- name: */m).slice(1) : [text]
    return blocks.flatMap((block) => {
      const name = file.endsWith('.sql') ? ` ${block.split('\n', 1)[0]!.trim()}` : ''
      const code = block.replace(/^\s*(?:--|\/\/|\*|\/\*).*$/gm, '')
      return [...code.matchAll(guarded)].map(([, table]) => `${room}/${file}${name} ${table}`)
    })
  })
}

const isTest = (file: string): boolean => /\.(test|contract)\.ts$/.test(file) || file === 'random-history.ts'

test('no room that trains reads customers around the views', () => {
  const found = new Set(rooms.flatMap(readsOf))
  expect([...found].filter((read) => !(read in allowed))).toEqual([])
  expect(Object.keys(allowed).filter((read) => !found.has(read))).toEqual([])
})
