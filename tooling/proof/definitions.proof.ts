import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { rapport } from './command.ts'
import { type Measured, prove } from './record.ts'

// Wrong definitions are given to the built command as a person would, each alone, and declare is tried with it too: it must say
// the same, and the store must hold what it held.

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-proof-'))
  const made = rapport(['demo', '--customers', '20', '--seed', '1', '--store', join(folder, 'store')], { cwd: folder })
  if (made.status !== 0) throw new Error(made.stderr)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Wrong {
  readonly document: unknown
  /** Where it is wrong, and what its message must say. */
  readonly pointer: string
  readonly words: RegExp
}

interface Checked {
  readonly isValid: boolean
  readonly problems: readonly { readonly message: string; readonly pointer: string }[]
}

/** Each is refused by both, with one mistake at the place meant, in the words meant. */
function refuseEach(command: 'features' | 'segments', wrong: readonly Wrong[]): Measured {
  const messages: string[] = []
  let right = 0
  for (const { document, pointer, words } of wrong) {
    writeFileSync(join(folder, 'wrong.json'), JSON.stringify(document))
    const at = ['wrong.json', '--store', join(folder, 'store'), '--json']
    const checked = rapport([command, 'check', ...at], { cwd: folder })
    const declared = rapport([command, 'declare', ...at], { cwd: folder })
    const { isValid, problems } = JSON.parse(checked.stdout) as Checked
    const [first] = problems
    messages.push(`“${first?.message ?? 'nothing'}”`)
    const isSaid = problems.length === 1 && first!.pointer === pointer && words.test(first!.message)
    const isRefused = declared.status === 2 && declared.stderr.includes(first?.message ?? '\n')
    if (!isValid && checked.status === 1 && isSaid && isRefused) right += 1
  }
  const listed = rapport([command, 'list', '--store', join(folder, 'store'), '--json'], { cwd: folder })
  const held = JSON.parse(listed.stdout) as { declared?: readonly unknown[]; live?: readonly unknown[] }
  const isEmpty = (held.declared ?? held.live)!.length === 0
  return {
    figure: `${right} of ${wrong.length} refused with the place and what must hold${isEmpty ? ', nothing declared' : ', something declared'}: ${messages.join(', ')}`,
    isMet: right === wrong.length && wrong.length >= 10 && isEmpty,
  }
}

const feature = (value: unknown, more: object = {}): object => ({ name: 'it', label: 'It', value, ...more })
const count = { aggregate: 'count', from: { events: 'Product Viewed' } }
const sale = { lines: 'sale' }

prove({
  name: 'bad-features',
  claim: 'ten wrong definitions of features, ten clear messages, each with its place; nothing is declared',
  measure: () =>
    refuseEach('features', [
      {
        document: feature({ agregate: 'count', from: sale }),
        pointer: '/value',
        words: /exactly one of aggregate, sequence/,
      },
      {
        document: feature({ aggregate: 'median', from: sale }),
        pointer: '/value/aggregate',
        words: /one of count, sum.*got "median"/,
      },
      {
        document: feature({ aggregate: 'sum', from: sale }),
        pointer: '/value/of',
        words: /must name a field with sum/,
      },
      {
        document: feature({ aggregate: 'sum', of: 'amont', from: sale }),
        pointer: '/value/of',
        words: /must be a field of lines \(order_id.*got amont/,
      },
      {
        document: feature({ aggregate: 'sum', of: 'source', from: sale }),
        pointer: '/value/of',
        words: /of type number, got source, a text/,
      },
      {
        document: feature({ ...count, window: { last: { count: 0, unit: 'day' } } }),
        pointer: '/value/window/last/count',
        words: /at least 1, got 0/,
      },
      {
        document: feature({ ...count, window: { last: { count: 90, unit: 'day' }, grain: 'minute' } }),
        pointer: '/value/window/grain',
        words: /at most 3660 buckets, got 129600/,
      },
      {
        document: feature({ ratio: { of: count, by: { feature: 'orders_30' } } }),
        pointer: '/value/ratio/by/feature',
        words: /must be a feature there is, got orders_30/,
      },
      {
        document: feature({ difference: { of: { feature: 'it' }, minus: count } }),
        pointer: '/value/difference/of/feature',
        words: /must not lead back to itself, got it → it/,
      },
      {
        document: feature({ trait: 'plan' }, { entity: 'product' }),
        pointer: '/value/trait',
        words: /must be of a customer, got one of a product/,
      },
    ]),
})

const segment = (rule: unknown, more: object = {}): object => ({
  id: 'rule.it',
  name: 'It',
  words: 'who',
  rule,
  ...more,
})

prove({
  name: 'bad-segments',
  claim: 'ten wrong definitions of segments, ten clear messages, each with its place; nothing is declared',
  measure: () =>
    refuseEach('segments', [
      {
        document: segment({ event: 'A' }, { id: 'Big spenders' }),
        pointer: '/id',
        words: /such as rule\.big-spenders.*got Big spenders/,
      },
      { document: { id: 'rule.it', name: 'It', words: 'who' }, pointer: '/rule', words: /must be given/ },
      { document: segment({ all: [] }), pointer: '/rule/all', words: /list of at least one rule/ },
      {
        document: segment({ any: [{ event: 'A', trait: 'country' }] }),
        pointer: '/rule/any/0',
        words: /exactly one of all, any, not.*got trait, event/,
      },
      { document: segment({ trait: 'country', op: '~', value: 'DE' }), pointer: '/rule/op', words: /must be/ },
      {
        document: segment({ trait: 'country', op: '>', value: 'DE' }),
        pointer: '/rule/value',
        words: /must be a number with >, got "DE"/,
      },
      {
        document: segment({ all: [{ feature: count, op: '=', value: 'many' }] }),
        pointer: '/rule/all/0/value',
        words: /must be a number, got "many"/,
      },
      {
        document: segment({ feature: 'orders_30', op: '>=', value: 1 }),
        pointer: '/rule/feature',
        words: /must be a feature there is, got orders_30/,
      },
      {
        document: segment({ not: [{ segment: 'rule.it' }] }),
        pointer: '/rule/not/0/segment',
        words: /must not lead back to itself/,
      },
      { document: segment({ event: 'A', withinDays: 200.5 }), pointer: '/rule/withinDays', words: /whole days/ },
    ]),
})
