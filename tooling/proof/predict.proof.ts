import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dataPath } from '../test-data.ts'
import { messageOf, rapport } from './command.ts'
import { count, needsData, prove } from './record.ts'

// Every shipped prediction on the command line of stores that people would have: what the data hold is trained, scored and
// explained, what they do not hold is refused with the reason.

interface TrainedOne {
  readonly name: string
  readonly found: boolean
  readonly because: string
  readonly card?: {
    readonly kind: 'customers' | 'series'
    readonly method: string
    readonly gain?: { readonly mean: number; readonly error: number }
    readonly quality?: { readonly figures: readonly { readonly name: string; readonly value: number }[] }
    readonly tried: readonly { readonly name: string; readonly mase: number }[]
  }
}

/** Answers of `rapport … --json`. */
function said<Document>(folder: string, ...words: readonly string[]): Document {
  const ran = rapport([...words, '--store', folder, '--json'])
  if (ran.status !== 0) throw new Error(`rapport ${words.join(' ')}: ${messageOf(ran)}`)
  return JSON.parse(ran.stdout) as Document
}

interface Expected {
  /** Those that the data hold enough for; the other shipped ones must be refused. */
  readonly predicted: readonly string[]
}

/** Trains, scores and explains every shipped prediction of the store that `make` fills. */
function predictAll(make: (folder: string) => void, { predicted }: Expected) {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-proof-'))
  try {
    make(folder)
    const trained = said<TrainedOne[]>(folder, 'predict', 'train', 'all')
    const words = trained.map((one) => `${one.name} ${one.found ? outcomeOf(folder, one) : `refused (${one.because})`}`)
    const found = trained.filter((one) => one.found).map(({ name }) => name)
    const isRefusedInWords = trained.every((one) => one.found || one.because.length > 20)
    return { figure: words.join('; '), isMet: found.join() === [...predicted].sort().join() && isRefusedInWords }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** How good it is, how many it scores, and that its highest score is explained. */
function outcomeOf(folder: string, { name, card }: TrainedOne): string {
  if (card!.kind === 'series') {
    const forecast = said<{ days: unknown[]; total: { mean: number } }>(folder, 'predict', 'forecast', name)
    const masses = card!.tried.map((method) => `${method.name} ${method.mase.toFixed(2)}`).join(', ')
    return `${card!.method}, MASE ${masses}, ${forecast.days.length} days forecast`
  }
  const scored = said<{ found: boolean; score: string; customers: number }>(folder, 'predict', 'score', name)
  const [top] = said<{ customerId: string }[]>(folder, 'predict', 'top', '--score', scored.score, '--limit', '1')
  const { score } = said<{ score: { reasons: unknown[] } | null }>(folder, 'predict', 'explain', name, top!.customerId)
  if (score === null) throw new Error(`${name}: ${top!.customerId} must be scored`)
  const figures = card!.quality!.figures.slice(0, 2).map((figure) => `${figure.name} ${figure.value.toFixed(3)}`)
  const { mean, error } = card!.gain!
  const better = mean > 1.96 * error ? 'better than' : mean < -1.96 * error ? 'WORSE than' : 'level with'
  return `${card!.method}, ${figures.join(', ')}, ${better} its baseline, ${count(scored.customers)} scored, ${score.reasons.length} reasons for the first`
}

const ofShops = ['campaign-response', 'category-purchase', 'lapse', 'next-order', 'revenue', 'spend-90d']

for (const scenario of ['fashion', 'watches', 'subscription'] as const) {
  prove({
    name: `predict-${scenario}`,
    claim: `demo ${scenario}, 3,000 customers: every shipped prediction that has the data for it trained, scored and explained from the command line, the others refused with the reason`,
    measure: () =>
      predictAll((folder) => said(folder, 'demo', '--scenario', scenario, '--customers', '3000'), {
        predicted: ofShops,
      }),
  })
}

/** Why something was refused; undefined where it was not. */
function refusalOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

prove({
  name: 'predict-leads',
  claim:
    'demo fashion, 10,000 customers, of whom enough are leads: the lead score (0 to 100) trained, scored and explained, and gone when it is switched off',
  measure: () => {
    const folder = mkdtempSync(join(tmpdir(), 'rapport-proof-'))
    try {
      said(folder, 'demo', '--customers', '10000')
      const lead = said<TrainedOne>(folder, 'predict', 'train', 'lead-conversion')
      if (!lead.found) return { figure: lead.because, isMet: false }
      const figure = outcomeOf(folder, lead)
      const top = (): number => said<unknown[]>(folder, 'predict', 'top', '--score', 'lead_score').length
      const scored = top()
      said(folder, 'predict', 'off', 'lead-conversion')
      const refusal = refusalOf(top)
      return {
        figure: `${figure}; once it is off: ${refusal ?? 'scores are still shown'}`,
        isMet: scored > 0 && refusal?.includes('no customer has') === true,
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})

prove({
  name: 'predict-retail',
  claim:
    'Online Retail II 2009 (orders of a year, without events, categories or traits): the same; what asks for events or categories refused with the reason',
  cannot: needsData,
  measure: () =>
    predictAll(
      (folder) => {
        const file = dataPath('online_retail_ii_2009', 'online_retail_II_2009_2010.parquet')
        said(folder, 'import', 'orders', file, '--currency', 'GBP', '--yes')
        said(folder, 'consent', 'basis', 'legitimate-interest')
      },
      { predicted: ['lapse', 'next-order', 'revenue', 'spend-90d'] },
    ),
})
