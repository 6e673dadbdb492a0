import { beforeAll, describe, expect, test } from 'vitest'
import { withoutData } from '../../../../tooling/test-data.ts'
import { fitAls } from '../factorization/als.ts'
import { recommendAls } from '../factorization/als-recommend.ts'
import { type RankingQuality, rankingQuality } from '../metrics/ranking-at-k.ts'
import { fitItemItem, recommendItemItem } from './item-item.ts'
import { readMovielens, splitStratified, takenBy } from './movielens.contract.ts'
import { fitPopularity, recommendPopular } from './popularity.ts'
import type { Recommendations } from './recommend.ts'

// The ranking protocol of recommenders-team/recommenders (examples/06_benchmarks): a random 75/25 split of each user's
// ratings with seed 42, every rating counts as taken whatever its height, training items are excluded, all others are
// candidates, k = 10. Its MAP divides by all held-out items. Published with it, from its README:
const published = {
  BiVAE: [0.146126, 0.475077, 0.411771, 0.219145],
  BPR: [0.132478, 0.441997, 0.388229, 0.212522],
  SAR: [0.110591, 0.382461, 0.330753, 0.176385],
  NCF: [0.10772, 0.396118, 0.347296, 0.180775],
  LightGCN: [0.088526, 0.419846, 0.379626, 0.144336],
}

const measures = ['map', 'ndcg', 'precision', 'recall'] as const
const qualities = new Map<string, RankingQuality>()

describe.skipIf(withoutData)('movielens 100K', () => {
  beforeAll(async () => {
    const { train, test: heldOut } = splitStratified(readMovielens(), 42)
    expect([train.user.length, heldOut.user.length]).toEqual([74_646, 25_354])
    const history = takenBy(train)
    const later = takenBy(heldOut)
    const judge = (name: string, recommended: Recommendations): void => {
      const quality = rankingQuality(recommended, later)
      if (!quality.judged) throw new Error(`${name} could not be judged`)
      qualities.set(name, quality)
    }
    judge('popularity', await recommendPopular(fitPopularity(history), history))
    judge('item-item, cosine', await recommendItemItem(await fitItemItem(history), history))
    // Chosen inside the training part by a second split of it (seed 7), like the second line of ALS.
    const chosen = await fitItemItem(history, { weighting: 'bm25', shrinkage: 50, neighbours: 1681 })
    judge('item-item, chosen', await recommendItemItem(chosen, history))
    judge('ALS, defaults', await recommendAls(await fitAls(history, { seed: 1 }), history))
    const tuned = await fitAls(history, { seed: 1, factors: 128, confidence: 4, regularization: 0.025 })
    judge('ALS, chosen', await recommendAls(tuned, history))
    console.log(table())
  })

  test('every method beats popularity, and ALS beats item-item', () => {
    const ndcg = (name: string): number => qualities.get(name)!.ndcg.mean
    expect(ndcg('item-item, cosine')).toBeGreaterThan(qualities.get('popularity')!.ndcg.high)
    expect(ndcg('item-item, chosen')).toBeGreaterThan(ndcg('item-item, cosine'))
    expect(ndcg('ALS, defaults')).toBeGreaterThan(qualities.get('item-item, chosen')!.ndcg.high)
  })

  test('ALS with its defaults is above the published SAR and NCF on every measure', () => {
    measures.forEach((measure, column) => {
      const { mean } = qualities.get('ALS, defaults')![measure]
      expect(mean).toBeGreaterThan(published.SAR[column]!)
      expect(mean).toBeGreaterThan(published.NCF[column]!)
    })
  })
})

function table(): string {
  const row = (name: string, values: readonly string[]): string => name.padEnd(20) + values.join('  ')
  const lines = [row('', ['MAP    ', 'nDCG   ', 'P@10   ', 'R@10   ', 'coverage'])]
  for (const [name, quality] of qualities) {
    const values = measures.map((measure) => quality[measure].mean.toFixed(5))
    const margin = (quality.ndcg.high - quality.ndcg.mean).toFixed(4)
    lines.push(row(name, [...values, `${quality.coverage.toFixed(3)}  (nDCG ± ${margin})`]))
  }
  for (const [name, values] of Object.entries(published)) {
    lines.push(
      row(
        `${name} (published)`,
        values.map((value) => value.toFixed(5)),
      ),
    )
  }
  return lines.join('\n')
}
