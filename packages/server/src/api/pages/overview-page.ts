import { dayMs } from '../../base/index.ts'
import {
  type Arrivals,
  clockWords,
  counted,
  type definitions,
  type Format,
  formatFor,
  type Html,
  html,
  type LastNumbers,
  type Measures,
  name,
  orWhy,
  tile,
} from '../../insights/index.ts'
import { assets } from './assets.ts'
import { nothing, type Page, part } from './layout.ts'
import { livePart } from './live/live-part.ts'
import type { Moments } from './moments.ts'
import { type Connection, howToSend } from './snippet.ts'

export interface Overview {
  /** Null before the first analysis. */
  readonly numbers: LastNumbers | null
  readonly arrivals: Arrivals
  /** Events that could not be followed and are set aside. */
  readonly setAside: number
  readonly connection: Connection
  readonly mayAnalyze: boolean
}

/** What happens now, how the shop does, and how events come in. */
export function overviewPage(overview: Overview, moments: Moments): Page {
  const { numbers, arrivals, connection } = overview
  const hasEvents = arrivals.lastAt !== null
  return {
    title: 'Overview',
    place: 'overview',
    script: assets.live,
    main: html`${livePart()}
${numbers ? numbersPart(numbers, overview, moments) : firstSteps(overview)}
${part('arrivals', 'Events coming in', arrivalTiles(overview, moments))}
${part('connect', hasEvents ? 'Connect another site or app' : 'Send your own events', hasEvents ? html`<details><summary>Show the snippets</summary>${howToSend(connection)}</details>` : howToSend(connection))}`,
  }
}

interface Shown {
  readonly key: keyof Measures & keyof typeof definitions
  readonly label: string
  readonly write: (value: number, format: Format) => string
  readonly because: string
}

const shown: readonly Shown[] = [
  { key: 'revenue', label: 'Revenue', write: (value, format) => format.money(value), because: 'no sales' },
  { key: 'orders', label: 'Orders', write: (value, format) => format.count(value), because: 'no sales' },
  {
    key: 'averageOrderValue',
    label: 'Average order value',
    write: (value, format) => format.money(value),
    because: 'no order',
  },
  { key: 'customers', label: 'Known customers', write: (value, format) => format.count(value), because: 'no sales' },
  { key: 'newCustomers', label: 'New customers', write: (value, format) => format.count(value), because: 'no sales' },
  {
    key: 'repeatRate',
    label: 'Repeat rate',
    write: (value, format) => format.percent(value),
    because: 'no known customer',
  },
  { key: 'refundRate', label: 'Refund rate', write: (value, format) => format.percent(value), because: 'no revenue' },
  {
    key: 'profit',
    label: 'Profit',
    write: (value, format) => format.money(value),
    because: 'too many sold lines have no unit cost',
  },
]

function numbersPart({ firstLook, plan, times, clock }: LastNumbers, { mayAnalyze }: Overview, moments: Moments): Html {
  const format = formatFor(firstLook.currency, firstLook.timezone)
  const { current, total, periodDays } = firstLook
  const about = clockWords(clock, format.date)
  const tiles = shown.map(({ key, label, write, because }) =>
    tile(
      label,
      orWhy(current[key], (value) => write(value, format), because),
      total[key] !== null && html`${write(total[key], format)} all time`,
    ),
  )
  const next = plan.filter(({ valueAtStake }) => valueAtStake.amount !== null).slice(0, 3)
  return html`${part(
    'first-look',
    `The last ${periodDays} days`,
    html`<p class="lead">As of the last analysis, ${moments.moment(times.createdAt)}: ${format.date(firstLook.asOf - periodDays * dayMs)} to ${format.date(firstLook.asOf)}, amounts in ${firstLook.currency}. ${clock.simulatedUntil === null && html`What came in since ${moments.moment(times.startedAt)} is not in them yet.`}</p>
${about !== undefined && html`<p class="cautions">${about}.</p>`}
<div class="tiles">${tiles}</div>
<div class="actions"><a class="button" href="/report">Read the report</a>${mayAnalyze && analyzeButton('Analyse again now')}</div>`,
  )}
${
  next.length > 0 &&
  part(
    'next',
    'What to do next',
    html`<div class="cards thirds">${next.map(
      ({
        segment,
        segmentId,
        goal,
        customers,
        valueAtStake,
      }) => html`<article class="card"><h3><a href="/segments/${encodeURIComponent(segmentId)}">${name(segment)}</a></h3>
<p class="size">${counted(format, customers, 'customer')}, ${orWhy(valueAtStake.amount, format.money, 'not known')} at stake</p><p class="goal">${goal.title}</p><p>${goal.action}</p></article>`,
    )}</div><p><a href="/report#plan">The whole plan, with reasons and tests</a></p>`,
  )
}`
}

const analyzeButton = (words: string): Html =>
  html`<form method="post" action="/jobs/analyses"><button type="submit">${words}</button></form>`

const firstSteps = ({ arrivals, mayAnalyze }: Overview): Html =>
  part(
    'first-look',
    'First numbers',
    nothing(
      'Nothing has been analysed yet.',
      arrivals.lastAt === null
        ? html`<ol class="plain"><li>Send events: from your site with the snippet below, from a program with the curl line, or with any SDK that speaks the Segment spec.</li>
<li>Bring your history: <code>npx rapport import orders shop.csv</code>, beside this server.</li>
<li>Then analyse. Numbers, segments and predictions need at least one sale; they are renewed every day.</li></ol>`
        : html`<p>Events are coming in. Numbers, segments and predictions need at least one sale; they are made every day, or now:</p>${mayAnalyze && html`<div class="actions">${analyzeButton('Analyse now')}</div>`}`,
    ),
  )

const arrivalTiles = ({ arrivals, setAside }: Overview, moments: Moments): Html => {
  const count = new Intl.NumberFormat('en-GB')
  const last = arrivals.lastAt === null ? 'none yet' : html`the last one ${moments.moment(arrivals.lastAt)}`
  return html`<div class="tiles">
${tile('In the last minute', count.format(arrivals.minute), last)}
${tile('In the last hour', count.format(arrivals.hour))}
${tile('In the last day', count.format(arrivals.day))}
${tile('In quarantine', count.format(arrivals.quarantined), arrivals.quarantined > 0 && html`<code>rapport quarantine list</code> says why`)}
${setAside > 0 && tile('Set aside', count.format(setAside), 'could not be followed; tried again at the next start')}
</div>`
}
