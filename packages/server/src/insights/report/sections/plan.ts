import type { Analysis } from '../../analysis.ts'
import type { PlanEntry } from '../../plan.ts'
import { perThousand } from '../../plan-words.ts'
import { counted, type Format, orWhy } from '../format.ts'
import { type Html, html, name } from '../html.ts'
import { missing, type Section } from '../section.ts'

const families = [
  { family: 'discovered', title: 'For the segments found in behaviour' },
  { family: 'rfm', title: 'For the segments by recency, frequency and spend' },
] as const

/** Cards of each family shown at once; the others are one click away. */
const shownMax = 4

/** What to do about each segment, a card each; those that are left alone in one line. */
export function planSection({ plan }: Analysis, format: Format): Section {
  const active = plan.filter((entry) => !isIdle(entry))
  const parts = families.flatMap(({ family, title }) => {
    const entries = active.filter((entry) => entry.family === family)
    return entries.length === 0
      ? []
      : [html`<h3>${title}</h3>${cards(entries.slice(0, shownMax), format)}${more(entries.slice(shownMax), format)}`]
  })
  const body =
    plan.length === 0
      ? missing('There is no segment to plan for.')
      : [lead, ...parts, idle(plan.filter(isIdle), format)]
  return { id: 'plan', title: 'What to do next', html: html`${body}`, charts: [] }
}

const isIdle = ({ goal }: PlanEntry): boolean => goal.id === 'rest' || goal.id === 'too-small'

const lead = html`<p class="lead">Most value at stake first. What is at stake is what these customers are expected to bring, not what a campaign would add: nobody knows that until some are left out by lot and compared. “Pays from” says what a campaign must achieve to earn its cost. Customers are in one segment of each kind, so do not add amounts across kinds.</p>`

const cards = (entries: readonly PlanEntry[], format: Format): Html =>
  html`<div class="cards">${entries.map((entry) => card(entry, format))}</div>`

const more = (entries: readonly PlanEntry[], format: Format): Html | false =>
  entries.length > 0 &&
  html`<details><summary>Show ${counted(format, entries.length, 'more segment')}</summary>${cards(entries, format)}</details>`

function card(entry: PlanEntry, format: Format): Html {
  const { goal, offer, timing, valueAtStake, breakEven, experiment, cautions } = entry
  return html`<article class="card">
<h4>${name(entry.segment)}</h4>
<p class="size">${counted(format, entry.customers, 'customer')}, ${format.count(entry.contactable)} may be written to</p>
<p class="goal">${goal.title}</p>
<p>${goal.action}</p>
<details class="why" open><summary>Why, when, and how to measure it</summary>
<dl>
<dt>Because</dt><dd>${goal.because}</dd>
<dt>Offer</dt><dd>${offer.words}</dd>
<dt>When</dt><dd>${timing === null ? html`<span class="unknown">${entry.timingUnknownBecause ?? 'not known'}</span>` : timing.words}</dd>
<dt>Value at stake</dt><dd>${valueAtStake.amount === null ? html`<span class="unknown">${valueAtStake.words}</span>` : html`<strong>${orWhy(valueAtStake.amount, format.money, 'not known')}</strong>${valueAtStake.words}`}</dd>
<dt>Pays from</dt><dd>${breakEven.known ? html`${breakEven.lift > 0 && html`<strong>${perThousand(breakEven.lift)} more buyers per 1,000</strong>`}${breakEven.words}` : html`<span class="unknown">not known: ${breakEven.because}</span>`}</dd>
<dt>Measured by</dt><dd>${experiment.possible ? html`<strong>${format.percent(experiment.holdOutShare)} left out for ${experiment.days} days</strong>${experiment.words}` : html`<span class="unknown">no test: ${experiment.because}</span>`}</dd>
</dl></details>
${cautions.length > 0 && html`<ul class="cautions">${cautions.map((caution) => html`<li>${caution}</li>`)}</ul>`}
</article>`
}

const idle = (entries: readonly PlanEntry[], format: Format): Html | false =>
  entries.length > 0 &&
  html`<h3>Leave alone for now</h3><ul class="plain">${entries.map(
    ({ segment, customers, goal }) =>
      html`<li>${name(segment)} (${counted(format, customers, 'customer')}): ${goal.because}</li>`,
  )}</ul>`
