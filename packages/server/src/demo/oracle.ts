import type { Warehouse } from '../warehouse/index.ts'
import { readQueries } from '../warehouse/index.ts'
import { type Calendar, calendarOf } from './calendar.ts'
import { type Catalogue, catalogueOf, tierCount } from './catalogue.ts'
import { growth } from './life.ts'
import { dirichletMultinomial, gammaPoisson, lifeLikelihood } from './likelihood.ts'
import { scenarioOf } from './make-demo.ts'
import { orderValueOf } from './population.ts'
import type { CustomerType, Scenario } from './scenario.ts'
import type { DemoTruth } from './truth.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))
const hoursPerWeek = 168

/** What an oracle makes of each customer's purchases, knowing the true parameters but not who is who. */
export interface OracleReading {
  /** `[n]` ids of the customers with an order, ascending. */
  readonly customerIds: readonly string[]
  /** `[n × types]` row by row: probability of each type. */
  readonly typeProbabilities: Float64Array
  /** `[n]` the likeliest type. */
  readonly types: Int32Array
  /** `[n]` probability to be alive at the end of the history. */
  readonly alive: Float64Array
  /** `[n]` expected revenue over the days asked for, in units of the currency. */
  readonly value: Float64Array
}

/** What was bought, customer by customer, as sufficient statistics. */
interface History {
  readonly orderDays: number[]
  readonly orderHours: number[]
  readonly categories: Float64Array
  readonly tiers: Float64Array
  lines: number
  readonly discounted: [usualYes: number, usualNo: number, promotionYes: number, promotionNo: number]
}

/**
 * The likeliest latent type of every customer with an order.
 *
 * The best that can be done from purchases alone (when, what, at which price, at a discount or not): Bayes' rule with
 * the true parameters, every latent rate and taste integrated out. Traits, visits and returns are not looked at, and
 * the few orders that emails brought count as ordinary ones, so it is a hair below the very best.
 *
 * @param truth the file's first line: `(await readTruth(folder)).truth`
 */
export async function oracleSegments(warehouse: Warehouse, truth: DemoTruth): Promise<OracleReading> {
  return oracleValues(warehouse, truth, 365)
}

/**
 * The posterior expected value of every customer with an order, over `days` after the history, beside the types.
 *
 * @param days 1 … 365
 */
export async function oracleValues(warehouse: Warehouse, truth: DemoTruth, days: number): Promise<OracleReading> {
  const scenario = scenarioOf(truth.scenario, truth.effects)
  const catalogue = catalogueOf(scenario)
  const calendar = calendarOf(scenario, truth.until)
  const histories = await readHistories(warehouse, scenario, catalogue, calendar)
  const customerIds = [...histories.keys()]
  const k = scenario.types.length
  const reading = {
    customerIds,
    typeProbabilities: new Float64Array(customerIds.length * k),
    types: new Int32Array(customerIds.length),
    alive: new Float64Array(customerIds.length),
    value: new Float64Array(customerIds.length),
  }
  customerIds.forEach((id, row) => {
    const history = histories.get(id)!
    const readings = scenario.types.map((type, index) =>
      readAs(scenario, catalogue, calendar, type, index, history, days),
    )
    const best = readings.reduce((top, each, index) => (each.log > readings[top]!.log ? index : top), 0)
    const total = readings.reduce((sum, each) => sum + Math.exp(each.log - readings[best]!.log), 0)
    reading.types[row] = best
    readings.forEach((each, index) => {
      const probability = Math.exp(each.log - readings[best]!.log) / total
      reading.typeProbabilities[row * k + index] = probability
      reading.alive[row] = reading.alive[row]! + probability * each.alive
      reading.value[row] = reading.value[row]! + probability * each.value
    })
  })
  return reading
}

/** Log probability of the type with this history, and what to expect of the customer if it is so. */
function readAs(
  scenario: Scenario,
  catalogue: Catalogue,
  calendar: Calendar,
  type: CustomerType,
  index: number,
  history: History,
  days: number,
): { log: number; alive: number; value: number } {
  const { clock, intensity, hours } = calendar.habits[index]!
  const { orderDays, orderHours, categories, tiers, lines, discounted } = history
  const first = orderDays[0]!
  const age = clock[calendar.days]! - clock[first]!
  const recency = clock[orderDays.at(-1)!]! - clock[first]!
  const ahead = clock[calendar.days + days]! - clock[calendar.days]!
  const life = lifeLikelihood(type, { repeats: orderDays.length - 1, recency, age }, ahead)

  const arrivals = clock[calendar.days]!
  const grown = 1 + ((growth - 1) * first) / calendar.days
  let log = Math.log(type.share) + life.log + Math.log((intensity[first]! * grown) / arrivals)
  orderDays.forEach((day, order) => {
    if (order > 0) log += Math.log(intensity[day]!)
    log += Math.log(hours[calendar.weekday[day]! * 24 + orderHours[order]!]!)
  })
  log += dirichletMultinomial(type.categories, type.concentration.categories, categories)
  log += dirichletMultinomial(type.tiers, type.concentration.tiers, tiers)
  const extra = lines - orderDays.length
  log += gammaPoisson(type.extraLines.shape, type.extraLines.mean, orderDays.length, extra)
  const { usual, promotion } = type.discounted
  log += discounted[0] * Math.log(usual) + discounted[1] * Math.log(1 - usual)
  log += discounted[2] * Math.log(promotion) + discounted[3] * Math.log(1 - promotion)

  const { shape, mean } = type.extraLines
  const orderValue = orderValueOf(scenario, catalogue, type, {
    categories: posteriorShares(type.categories, type.concentration.categories, categories),
    tiers: posteriorShares(type.tiers, type.concentration.tiers, tiers),
    extraLines: (shape + extra) / (shape / mean + orderDays.length),
  })
  return { log, alive: life.alive, value: life.expectedOrders * orderValue }
}

function posteriorShares(weights: readonly number[], concentration: number, counts: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const seen = counts.reduce((sum, count) => sum + count, 0)
  return Float64Array.from(weights, (weight, index) =>
    concentration === Infinity
      ? weight / total
      : ((concentration * weight) / total + counts[index]!) / (concentration + seen),
  )
}

async function readHistories(
  warehouse: Warehouse,
  scenario: Scenario,
  catalogue: Catalogue,
  calendar: Calendar,
): Promise<Map<string, History>> {
  const columns = await warehouse.columns(query('oracle_lines'), {
    prefix: scenario.idPrefix,
    start: calendar.midnight[0]!,
    timezone: scenario.timezone,
  })
  const ids = columns.keys('customer_id')
  const orders = columns.keys('order_id')
  const [day, hour, product, discount] = ['day', 'hour', 'product', 'discount'].map((name) => columns.numbers(name))
  const histories = new Map<string, History>()
  for (let row = 0; row < columns.rows; row += 1) {
    const history = histories.get(ids[row]!) ?? {
      orderDays: [],
      orderHours: [],
      categories: new Float64Array(scenario.categories.length),
      tiers: new Float64Array(tierCount),
      lines: 0,
      discounted: [0, 0, 0, 0],
    }
    histories.set(ids[row]!, history)
    const on = Math.min(calendar.days - 1, Math.max(0, day![row]!))
    if (row === 0 || orders[row] !== orders[row - 1]) {
      history.orderDays.push(on)
      history.orderHours.push(hour![row]! % hoursPerWeek)
    }
    const { category, tier } = catalogue.products[product![row]!]!
    history.categories[category] = history.categories[category]! + 1
    history.tiers[tier] = history.tiers[tier]! + 1
    history.lines += 1
    const cell = (calendar.isPromotion[on] ? 2 : 0) + (discount![row]! > 0 ? 0 : 1)
    history.discounted[cell] = history.discounted[cell]! + 1
  }
  return histories
}
