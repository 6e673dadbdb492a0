import { fitAls, recommendAls } from '../../packages/learn/src/factorization/index.ts'
import { type RankingQuality, rankingQuality } from '../../packages/learn/src/metrics/index.ts'
import {
  fitItemItem,
  fitPopularity,
  recommendItemItem,
  recommendPopular,
} from '../../packages/learn/src/recommenders/index.ts'
import { readMovielens, splitStratified, takenBy } from '../../packages/learn/src/recommenders/movielens.contract.ts'
import { needsData, prove } from './record.ts'

// The ranking protocol of recommenders-team/recommenders, as its README has it: 75/25 by user, k = 10.
const published = {
  BiVAE: { map: 0.146126, ndcg: 0.475077, precision: 0.411771, recall: 0.219145 },
  BPR: { map: 0.132478, ndcg: 0.441997, precision: 0.388229, recall: 0.212522 },
  SAR: { map: 0.110591, ndcg: 0.382461, precision: 0.330753, recall: 0.176385 },
  NCF: { map: 0.10772, ndcg: 0.396118, precision: 0.347296, recall: 0.180775 },
  LightGCN: { map: 0.088526, ndcg: 0.419846, precision: 0.379626, recall: 0.144336 },
} as const
const measures = ['map', 'ndcg', 'precision', 'recall'] as const

type Ranked = Pick<RankingQuality & { judged: true }, (typeof measures)[number]>

const words = (name: string, values: readonly number[]): string =>
  `${name} ${values.map((value) => value.toFixed(4)).join(' / ')}`

prove({
  name: 'movielens-ranking',
  claim:
    'ALS and item-item with their defaults on the ranking protocol of the README, beside its table (MAP / nDCG / precision / recall at 10); both above popularity',
  cannot: needsData,
  measure: async () => {
    const { train, test } = splitStratified(readMovielens(), 42)
    const history = takenBy(train)
    const later = takenBy(test)
    const judged = (name: string, recommended: Parameters<typeof rankingQuality>[0]): Ranked => {
      const quality = rankingQuality(recommended, later)
      if (!quality.judged) throw new Error(`${name} could not be judged`)
      return quality
    }
    const found = {
      ALS: judged('ALS', await recommendAls(await fitAls(history, { seed: 1 }), history)),
      'item-item': judged('item-item', await recommendItemItem(await fitItemItem(history), history)),
      popularity: judged('popularity', await recommendPopular(fitPopularity(history), history)),
    }
    const ours = Object.entries(found).map(([name, quality]) =>
      words(
        name,
        measures.map((measure) => quality[measure].mean),
      ),
    )
    const theirs = Object.entries(published).map(([name, values]) =>
      words(
        name,
        measures.map((measure) => values[measure]),
      ),
    )
    const floor = found.popularity.ndcg.high
    return {
      figure: `${ours.join(', ')}. Published: ${theirs.join(', ')}`,
      isMet: found.ALS.ndcg.mean > floor && found['item-item'].ndcg.mean > floor,
    }
  },
})
