import { join } from 'node:path'
import { basis as bases, type ConsentDecision, type Purpose, purpose as purposes } from '@rapport/protocol'
import { commandLine, recordAudit } from '../../access/index.ts'
import { isoOf, now, RapportError, shortened } from '../../base/index.ts'
import {
  type ConsentDefaults,
  type CustomerConsents,
  changeDefaults,
  consentsOf,
  declaring,
  defaultRules,
  readDefaults,
  recordedDecision,
} from '../../consent/index.ts'
import { leaveOut } from '../../insights/index.ts'
import type { State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { Command, Given, Outcome, Surroundings } from '../command.ts'
import { textTable } from '../text-table.ts'
import { recordCalls } from '../with-log.ts'
import { withState } from '../with-state.ts'
import { withStore } from '../with-store.ts'

export const consent: Command = {
  name: 'consent',
  summary: 'What customers agreed to; records decisions, and what holds for who decided nothing',
  words: 'show CUSTOMER | grant|deny|withdraw CUSTOMER PURPOSE… | basis BASIS|none | defaults [RULE]',
  options: {
    purpose: {
      type: 'string',
      value: 'NAME',
      description: 'what a declared basis is for (default: profiling)',
      choices: purposes.options,
      multiple: true,
    },
    basis: {
      type: 'string',
      value: 'BASIS',
      description: 'why it may be done, of a grant',
      choices: bases.options,
      default: 'consent',
    },
    text: { type: 'string', value: 'VERSION', description: 'the text that they agreed to' },
    proof: { type: 'string', value: 'TEXT', description: 'what proves it: a form, a call, a letter' },
  },
  details:
    `PURPOSE: ${purposes.options.join(', ')}.\n` +
    `consent basis says that the shop may do something without having asked each one: ${bases.options.join(', ')}; none takes\n` +
    'it back. What a person decided stands before it.\n' +
    'RULE: analytics-only, or by-region: where the law asks first (EU, EEA, United Kingdom, Switzerland) and where the region\n' +
    'is not known the same, elsewhere everything until they refuse.',
  run: (surroundings) =>
    withStore(surroundings.store, (warehouse) =>
      withState(surroundings.store, (state) => {
        const [word, ...rest] = surroundings.given.words
        if (word === 'show') return show(warehouse, state, rest)
        if (word === 'grant' || word === 'deny' || word === 'withdraw') {
          return decide(warehouse, state, word, rest, surroundings)
        }
        if (word === 'basis') return declare(warehouse, state, rest, surroundings.given)
        if (word === 'defaults') return defaults(warehouse, state, rest)
        throw new RapportError(
          'cli.words',
          `consent must be followed by show, grant, deny, withdraw, basis or defaults, got ${word ?? 'nothing'}`,
        )
      }),
    ),
}

async function show(warehouse: Warehouse, state: State, words: readonly string[]): Promise<Outcome> {
  const [customerId, ...more] = words
  if (customerId === undefined || more.length > 0) {
    throw new RapportError('cli.words', `consent show must name one customer, got ${words.join(' ') || 'none'}`)
  }
  const found = await consentsOf(warehouse, state, customerId)
  return { document: found, text: describe(found) }
}

async function decide(
  warehouse: Warehouse,
  state: State,
  decision: ConsentDecision['decision'],
  words: readonly string[],
  { store, given }: Surroundings,
): Promise<Outcome> {
  const [customerId, ...named] = words
  if (customerId === undefined || named.length === 0) {
    const got = words.join(' ') || 'nothing'
    throw new RapportError('cli.words', `consent ${decision} must name a customer and what for, got ${got}`)
  }
  const proof = given.text('proof')
  const text = given.text('text')
  const recorded = recordedDecision(
    {
      ...{ customerId, decision, purposes: named.map(purposeOf), basis: bases.parse(given.text('basis')) },
      proof: proof === undefined ? {} : { note: proof },
      ...(text === undefined ? {} : { textVersion: text }),
    },
    { source: 'command' },
    now(),
  )
  await recordCalls(warehouse, state, [recorded])
  if (decision !== 'grant' && named.includes('profiling')) {
    await leaveOut(warehouse, [customerId], join(store, 'report.html'))
  }
  const target = { person: customerId }
  const detail = { purposes: named }
  await recordAudit(state.queries, { actor: commandLine, action: `consents.${decision}`, target, detail })
  const found = await consentsOf(warehouse, state, customerId)
  return { document: found, text: describe(found) }
}

function purposeOf(name: string): Purpose {
  const parsed = purposes.safeParse(name)
  if (parsed.success) return parsed.data
  throw new RapportError('cli.purpose', `a purpose must be one of ${purposes.options.join(', ')}, got ${name}`)
}

async function declare(warehouse: Warehouse, state: State, words: readonly string[], given: Given): Promise<Outcome> {
  const [name, ...more] = words
  const parsed = bases.safeParse(name)
  if ((!parsed.success && name !== 'none') || more.length > 0) {
    const got = words.join(' ') || 'nothing'
    throw new RapportError('cli.words', `consent basis must be one of ${bases.options.join(', ')} or none, got ${got}`)
  }
  const wanted = given.texts('purpose').map(purposeOf)
  const declared = parsed.success ? declaring(parsed.data, wanted.length > 0 ? wanted : ['profiling']) : null
  return change(warehouse, state, { ...(await readDefaults(state)), declared })
}

async function defaults(warehouse: Warehouse, state: State, words: readonly string[]): Promise<Outcome> {
  const held = await readDefaults(state)
  if (words.length === 0) return { document: held, text: describeDefaults(held) }
  const rule = defaultRules.find((known) => known === words[0])
  if (rule === undefined || words.length > 1) {
    throw new RapportError(
      'cli.words',
      `consent defaults must be one of ${defaultRules.join(', ')}, got ${words.join(' ')}`,
    )
  }
  return change(warehouse, state, { ...held, rule })
}

async function change(warehouse: Warehouse, state: State, wanted: ConsentDefaults): Promise<Outcome> {
  await changeDefaults(warehouse, state, wanted)
  const detail = { rule: wanted.rule, basis: wanted.declared?.basis ?? null, purposes: wanted.declared?.purposes ?? [] }
  await recordAudit(state.queries, { actor: commandLine, action: 'consents.defaults', detail })
  return { document: wanted, text: `${describeDefaults(wanted)}\nrapport analyze finds anew what follows from it` }
}

const ruleWords = {
  'analytics-only': 'who decided nothing: analytics only',
  'by-region':
    'who decided nothing: analytics only where the law asks first or the region is not known, else everything',
} as const

function describeDefaults({ rule, declared }: ConsentDefaults): string {
  if (declared === null) return `${ruleWords[rule]}\nno basis is declared: rapport consent basis BASIS declares one`
  const { basis, purposes: covered, declaredAt } = declared
  return `${ruleWords[rule]}\non the basis ${basis}, declared on ${isoOf(declaredAt).slice(0, 10)}, besides: ${covered.join(', ')}`
}

function describe({ region, standings, history }: CustomerConsents): string {
  const because = { decided: 'decided', basis: 'on the declared basis', region: `by default (${region})` }
  const standing = textTable(standings, [
    { title: 'purpose', value: ({ purpose }) => purpose },
    { title: 'holds', value: ({ isGranted }) => (isGranted ? 'yes' : 'no') },
    { title: 'because', value: (one) => because[one.because] },
    { title: 'since', value: ({ decidedAt }) => (decidedAt === null ? '' : isoOf(decidedAt).slice(0, 19)) },
  ])
  if (history.length === 0) return `${standing}\n\nnothing was ever decided`
  return `${standing}\n\n${textTable(history, [
    { title: 'when', value: ({ decidedAt }) => isoOf(decidedAt).slice(0, 19) },
    { title: 'purpose', value: ({ purpose }) => purpose },
    { title: 'decision', value: ({ decision }) => decision },
    { title: 'basis', value: ({ basis }) => basis },
    { title: 'source', value: ({ source }) => source },
    { title: 'text', value: ({ textVersion }) => textVersion ?? '' },
    { title: 'under', value: ({ receivedId }) => receivedId },
    { title: 'proof', value: ({ proof }) => proofWords(proof) },
  ])}`
}

/** What was given as proof, without the place in the log that every entry has; --json has all of it. */
function proofWords(proof: unknown): string {
  if (typeof proof !== 'object' || proof === null) return ''
  const given = Object.entries(proof).filter(([name]) => name !== 'position')
  return shortened(
    given.map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', '),
    80,
    '…',
  )
}
