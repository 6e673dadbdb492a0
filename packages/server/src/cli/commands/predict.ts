import { RapportError } from '../../base/index.ts'
import { lastMoment } from '../../insights/index.ts'
import {
  type Answers,
  type AskedCuts,
  allPredictions,
  answer,
  type CheckedSeries,
  type CheckedSessions,
  declarePrediction,
  type KnownPrediction,
  modelVersions,
  namedPrediction,
  type Question,
  switchPrediction,
  type TrainRequest,
  trainRequested,
  type UnusablePrediction,
  unusablePredictions,
} from '../../predictions/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { Command, Outcome, Surroundings } from '../command.ts'
import { describeAnyCard } from '../describe-any-card.ts'
import { describeForecast } from '../describe-forecast.ts'
import { describeCheck, describeEvaluated, describePredictions, describeScored } from '../describe-prediction.ts'
import { describeSessionsCheck } from '../describe-sessions.ts'
import { readJsonFile } from '../read-file.ts'
import type { PredictStore } from '../serve.ts'
import { lentWith, withStore } from '../with-store.ts'
import { readMoment } from './analyze.ts'
import { explain } from './predict-explain.ts'
import { fit, topByScore } from './predict-together.ts'

/** @param apart so that a server goes on answering; a command that has the store to itself needs no other thread */
export const predictCommand = (apart: PredictStore): Command => ({
  name: 'predict',
  summary: 'Declares predictions, learns them, judges them, scores customers and says why',
  words,
  options: {
    score: { type: 'string', value: 'NAME', description: 'score to list by with top', default: 'lifetime_value' },
    limit: { type: 'string', value: 'N', description: 'customers to list', default: '20' },
    lowest: { type: 'boolean', description: 'lowest first' },
    'as-of': { type: 'string', value: 'DATE', description: 'as of this moment (default: the last record)' },
    budget: { type: 'string', value: 'SECONDS', description: 'how long methods may be tried', default: '120' },
    seed: { type: 'string', value: 'N', description: 'the same seed gives the same models', default: '1' },
  },
  details: [
    'list      every prediction, with the model that serves it and how good that was on the hold-out',
    'define    declares one from a file with JSON: docs/methods/predictions.md has the language and examples',
    'check     says what it would be learned from, or why that is not enough; learns nothing',
    'train     learns it by several methods and shows the card of the one that is taken (--budget)',
    'evaluate  judges the model that serves on the newest customers whose horizon is over',
    'score     scores everybody it is about; top then lists them (--score, --limit, --lowest)',
    'explain   the card again; with a customer, their score and the reasons for it',
    'forecast  what comes, of a prediction about the shop: revenue',
    'off, on   takes a prediction and its scores out of use, and back',
    'fit       lapse and lifetime value, as the analysis makes them',
    '',
    'check, train, evaluate and score take all for every prediction that is on.',
  ].join('\n'),
  run: (surroundings) =>
    withStore(surroundings.store, async (warehouse) => {
      const [word = 'list', ...rest] = surroundings.given.words
      if (word === 'train' && rest.length === 1) return train(surroundings, warehouse, rest[0]!, apart)
      if (word === 'fit' && rest.length === 0) return fit(surroundings, warehouse, apart)
      const action = Object.hasOwn(actions, word) ? actions[word]! : undefined
      if (action && rest.length >= action.least && rest.length <= action.most) {
        const ask: Ask = (question) =>
          (lentWith(warehouse) ? apart.answerApart : answer)(warehouse, question, surroundings.work)
        return action.run(surroundings, warehouse, rest, ask)
      }
      throw unfit(word, rest)
    }),
})

/** What follows `predict`, word by word. */
const forms: Readonly<Record<string, string>> = {
  list: 'list',
  define: 'define FILE',
  check: 'check NAME',
  train: 'train NAME',
  evaluate: 'evaluate NAME',
  score: 'score NAME',
  explain: 'explain NAME [CUSTOMER]',
  forecast: 'forecast NAME',
  on: 'on NAME',
  off: 'off NAME',
  fit: 'fit',
  top: 'top',
}
const words = Object.values(forms).join(' | ')

function unfit(word: string, rest: readonly string[]): RapportError {
  if (Object.hasOwn(forms, word)) {
    const got = rest.length === 0 ? 'nothing' : rest.join(' ')
    return new RapportError('cli.words', `it must be rapport predict ${forms[word]}, got ${got} after ${word}`)
  }
  return new RapportError(
    'cli.words',
    `predict must be followed by one of ${Object.keys(forms).join(', ')}, got ${word}`,
  )
}

/** Has a question answered apart where a server has the store. */
type Ask = <What extends keyof Answers>(question: Question<What>) => Promise<Answers[What]>

interface Action {
  /** Words after its name. */
  readonly least: number
  readonly most: number
  readonly run: (
    surroundings: Surroundings,
    warehouse: Warehouse,
    words: readonly string[],
    ask: Ask,
  ) => Promise<Outcome>
}

const momentOf = async ({ given }: Surroundings, warehouse: Warehouse): Promise<number> =>
  readMoment(given.text('as-of')) ?? (await lastMoment(warehouse))

/** What is answered of one prediction, or of each one that is on. */
const eachNamed =
  <What extends keyof Answers>(
    what: What,
    outcomeOf: (name: string, answered: Answers[What], prediction: KnownPrediction['prediction']) => Outcome,
  ): Action['run'] =>
  async (surroundings, warehouse, [name], ask) => {
    const seed = surroundings.given.whole('seed', 0)!
    const asOf = await momentOf(surroundings, warehouse)
    const unusable = await unusablePredictions(warehouse, asOf)
    if (name !== 'all') {
      const refused = unusable.find((one) => one.name === name)
      if (refused) return refusedOutcome(refused)
      const { prediction } = await namedPrediction(warehouse, name!, asOf)
      return outcomeOf(name!, await ask({ what, name: name!, asOf, seed }), prediction)
    }
    const outcomes: Outcome[] = []
    for (const known of (await allPredictions(warehouse, asOf)).filter(({ isOff }) => !isOff)) {
      const own = known.prediction.definition.name
      const answered = ask({ what, name: own, asOf, seed }).then((found) => outcomeOf(own, found, known.prediction))
      outcomes.push(await answered.catch((error: unknown) => untrained(known, error)))
    }
    outcomes.push(...unusable.map(refusedOutcome))
    return { document: outcomes.map(({ document }) => document), text: outcomes.map(({ text }) => text).join('\n\n') }
  }

/** Of all, one that was not trained keeps no other from its answer. */
function untrained({ prediction: { definition } }: KnownPrediction, error: unknown): Outcome {
  if (!(error instanceof RapportError) || error.code !== 'predictions.model') throw error
  return refusedOutcome({ name: definition.name, because: error.message })
}

const refusedOutcome = ({ name, because }: UnusablePrediction): Outcome => ({
  document: { name, found: false, because },
  text: refusal(name, { because }),
})

const actions: Readonly<Record<string, Action>> = {
  list: {
    ...{ least: 0, most: 0 },
    run: async (surroundings, warehouse) => {
      const asOf = await momentOf(surroundings, warehouse)
      const all = await allPredictions(warehouse, asOf)
      const listed = []
      for (const { prediction, version, isOff } of all) {
        const { definition, score } = prediction
        const models = await modelVersions(warehouse, definition.name)
        listed.push({ name: definition.name, score, version, isOff, definition, models })
      }
      const unusable = await unusablePredictions(warehouse, asOf)
      return {
        document: [...listed, ...unusable.map((one) => ({ ...one, isUsable: false }))],
        text: [describePredictions(listed), ...unusable.map((one) => refusal(one.name, one))].join('\n'),
      }
    },
  },
  define: {
    ...{ least: 1, most: 1 },
    run: async ({ path }, warehouse, [file]) => {
      const json = readJsonFile(path(file!), file!, 'a prediction')
      const { prediction, version } = await declarePrediction(warehouse, json)
      const { name } = prediction.definition
      return {
        document: { name, version, score: prediction.score, definition: prediction.definition },
        text: `version ${version} of ${name} is declared: rapport predict check ${name} says what it would be learned from`,
      }
    },
  },
  check: {
    ...{ least: 1, most: 1 },
    run: eachNamed('check', (name, checked, prediction) => ({
      document: checked.found ? { name, ...checkDocument(checked, prediction) } : { name, ...checked },
      text: checked.found ? `${name}: ${checkDocument(checked, prediction).words}` : refusal(name, checked),
    })),
  },
  score: {
    ...{ least: 1, most: 1 },
    run: eachNamed('score', (name, scored) => ({
      document: { name, ...scored },
      text: scored.found ? describeScored(name, scored) : refusal(name, scored),
    })),
  },
  evaluate: {
    ...{ least: 1, most: 1 },
    run: eachNamed('evaluate', (name, judged) => ({
      document: { name, ...judged },
      text: judged.found ? describeEvaluated(name, judged) : `${name} is not judged: ${judged.because}`,
    })),
  },
  forecast: {
    ...{ least: 1, most: 1 },
    run: async (surroundings, warehouse, [name], ask) => {
      const asOf = await momentOf(surroundings, warehouse)
      const forecast = await ask({ what: 'forecast', name: name!, asOf, seed: 0 })
      return { document: forecast, text: describeForecast(forecast) }
    },
  },
  explain: {
    ...{ least: 1, most: 2 },
    run: async (surroundings, warehouse, [name, customerId]) => {
      const known = await namedPrediction(warehouse, name!, await momentOf(surroundings, warehouse))
      return explain(warehouse, known, customerId)
    },
  },
  on: { least: 1, most: 1, run: (surroundings, warehouse, words) => switched(surroundings, warehouse, words, true) },
  off: { least: 1, most: 1, run: (surroundings, warehouse, words) => switched(surroundings, warehouse, words, false) },
  top: { least: 0, most: 0, run: topByScore },
}

async function train(
  surroundings: Surroundings,
  warehouse: Warehouse,
  name: string,
  { trainApart }: PredictStore,
): Promise<Outcome> {
  const { given, work } = surroundings
  const request: TrainRequest = {
    which: name === 'all' ? { kind: 'all' } : { kind: 'named', name },
    ...{ asOf: await momentOf(surroundings, warehouse), seed: given.whole('seed', 0)!, scores: false },
    budgetMs: 1000 * given.whole('budget', 1)!,
  }
  const done = await (lentWith(warehouse) ? trainApart : trainRequested)(warehouse, request, work)
  const documents = done.map(({ name: own, trained }) => ({ name: own, ...trained }))
  return {
    document: name === 'all' ? documents : documents[0],
    text: done
      .map(({ name: own, trained }) =>
        trained.found
          ? `${describeAnyCard(trained.card)}\n${trained.modelId} ${trained.serves ? 'serves' : 'is kept'}: ${trained.because}`
          : refusal(own, trained),
      )
      .join('\n\n'),
  }
}

async function switched(
  surroundings: Surroundings,
  warehouse: Warehouse,
  [name]: readonly string[],
  isOn: boolean,
): Promise<Outcome> {
  const { prediction } = await namedPrediction(warehouse, name!, await momentOf(surroundings, warehouse))
  await switchPrediction(warehouse, prediction, isOn)
  return {
    document: { name, isOff: !isOn },
    text: isOn
      ? `${name} is on: rapport predict score ${name} scores customers again`
      : `${name} is off: it is neither trained nor scored, and its scores are gone`,
  }
}

const checkDocument = (
  checked: AskedCuts | CheckedSeries | CheckedSessions,
  { definition }: KnownPrediction['prediction'],
) => {
  if ('days' in checked)
    return { ...checked, words: `learned from ${checked.days} days of sales since ${checked.firstDay}` }
  if (!('cut' in checked.training)) return describeSessionsCheck(checked as CheckedSessions)
  return describeCheck(checked as AskedCuts, definition)
}

const refusal = (name: string, { because }: { readonly because: string }): string =>
  `${name} is not predicted: ${because}`
