import type { Analysis } from '../../analysis.ts'
import { type Chart, figure } from '../chart.ts'
import { rankedBars, rankedHeight } from '../charts/ranked-bars.ts'
import { counted, type Format, sentence } from '../format.ts'
import { type Html, html, name } from '../html.ts'
import { missing, type Section } from '../section.ts'
import { tableOf } from '../table.ts'

type Recommendations = Extract<Analysis['recommendations'], { found: true }>
type Ranking = Recommendations['newProducts'][number]

/** Products shown of each example. */
const shownMax = 5

/** Which products to show to whom, and how well that worked on a time split. */
export function recommendationsSection({ recommendations }: Analysis, format: Format): Section {
  const base = { id: 'recommendations', title: 'Products to recommend' }
  if (!recommendations.found) return { ...base, html: missing(recommendations.because), charts: [] }
  const { leftOut } = recommendations
  const charts = [
    qualityOf('recommend-new', 'New products', recommendations.newProducts, recommendations, format),
    qualityOf('recommend-repeat', 'Repeat purchases', recommendations.repeatPurchases, recommendations, format),
  ].filter((chart) => chart !== undefined)
  return {
    ...base,
    html: html`<p>${sentence(recommendations.chosenBecause)}</p>
<p class="lead">${counted(format, recommendations.customersServed, 'customer')} get recommendations from ${counted(format, recommendations.products, 'product')}; ${format.count(recommendations.customersByPopularity)} of them, of whom too little is known, get what is popular. Left out: ${format.count(leftOut.notProducts)} codes that are no products, ${format.count(leftOut.unavailable)} out of the catalogue, ${format.count(leftOut.mostlyReturned)} mostly returned.</p>
${examplesTable(recommendations)}
${togetherTable(recommendations, format)}
${mostTable(recommendations, format)}
<h3>How good are they?</h3>
<p class="lead">Each way ranked ${recommendations.k} products for ${counted(format, recommendations.customersTested, 'customer')} by what was known on ${format.date(recommendations.cut)}; compared with what they bought after it. NDCG is 1 when all they bought stands on top; lines show its 95 % interval. Buying again and finding something new are different tasks, so they are judged apart.</p>
<div class="charts">${charts.map(figure)}</div>`,
    charts,
  }
}

function qualityOf(
  id: string,
  title: string,
  rankings: readonly Ranking[],
  { k }: Recommendations,
  format: Format,
): Chart | undefined {
  const three = (value: number): string => format.fixed(value, 3)
  const ranked = [...rankings].sort((a, b) => b.ndcg - a.ndcg)
  const [best] = ranked
  if (!best) return undefined
  const bars = ranked.map((ranking) => ({
    label: ranking.name,
    value: ranking.ndcg,
    margin: ranking.ndcgMargin,
    text: `${ranking.name}\nNDCG ${three(ranking.ndcg)} ± ${three(ranking.ndcgMargin)}\nhit rate ${format.percent(ranking.hitRate)}`,
  }))
  return {
    id,
    title: `${title}: NDCG of the first ${k}`,
    summary: `${best.name} ranks best with ${three(best.ndcg)} ± ${three(best.ndcgMargin)}`,
    height: rankedHeight(bars) + 20,
    option: rankedBars(bars, 'decimal'),
    table: tableOf(
      `${title}: quality of the first ${k}`,
      [
        { head: 'Way', cell: (ranking) => name(ranking.name) },
        { head: 'NDCG', numeric: true, cell: ({ ndcg, ndcgMargin }) => `${three(ndcg)} ± ${three(ndcgMargin)}` },
        { head: 'Recall', numeric: true, cell: ({ recall }) => three(recall) },
        { head: 'MAP', numeric: true, cell: ({ map }) => three(map) },
        { head: 'Hit rate', numeric: true, cell: ({ hitRate }) => format.percent(hitRate) },
        { head: 'Coverage', numeric: true, cell: ({ coverage }) => format.percent(coverage) },
      ],
      ranked,
    ),
  }
}

const examplesTable = ({ examples }: Recommendations): Html | false =>
  examples.length > 0 &&
  tableOf(
    'Examples: what some customers would be shown, and why',
    [
      { head: 'Customer', cell: ({ customerId }) => name(customerId) },
      {
        head: 'Products',
        wide: true,
        cell: ({ products }) =>
          html`<ol class="products">${products
            .slice(0, shownMax)
            .map(
              (product) =>
                html`<li>${name(product.name)}${product.because && html` <span class="because">because of ${name(product.because.name)}</span>`}</li>`,
            )}</ol>`,
      },
    ],
    examples,
  ).markup

const togetherTable = ({ boughtTogether }: Recommendations, format: Format): Html | false =>
  boughtTogether.length > 0 &&
  tableOf(
    'Bought together',
    [
      { head: 'Product', cell: ({ first }) => name(first.name) },
      { head: 'With', cell: ({ second }) => name(second.name) },
      { head: 'Orders', numeric: true, cell: ({ orders }) => format.count(orders) },
      { head: 'Times chance', numeric: true, cell: ({ lift }) => `${format.decimal(lift, 1)}×` },
    ],
    boughtTogether,
  ).markup

const mostTable = ({ mostRecommended }: Recommendations, format: Format): Html | false =>
  mostRecommended.length > 0 &&
  tableOf(
    'Most recommended',
    [
      { head: 'Product', cell: (product) => name(product.name) },
      { head: 'Customers', numeric: true, cell: ({ customers }) => format.count(customers) },
    ],
    mostRecommended,
  ).markup
