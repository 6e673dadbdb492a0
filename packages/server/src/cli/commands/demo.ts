import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { isoOf } from '../../base/index.ts'
import {
  type DemoSummary,
  isDemoIncomplete,
  makeDemo,
  removeIncompleteDemo,
  type ScenarioName,
} from '../../demo/index.ts'
import type { Command } from '../command.ts'
import { withNewStore } from '../with-store.ts'

export const scenarioNames = ['fashion', 'watches', 'subscription'] as const satisfies readonly ScenarioName[]

export const demo: Command = {
  name: 'demo',
  summary: 'Makes a simulated shop in an empty store',
  options: {
    scenario: {
      type: 'string',
      value: 'NAME',
      description: 'kind of shop',
      choices: scenarioNames,
      default: 'fashion',
    },
    customers: { type: 'string', value: 'N', description: 'customers with an id', default: '5000' },
    seed: { type: 'string', value: 'N', description: 'another seed is another shop', default: '1' },
  },
  details:
    'The truth behind the shop lies beside the store, where no analysis reads it. A store of a demo takes no imports.',
  run: async ({ store, given, work }) => {
    const summary = await withNewStore(store, async (warehouse) => {
      if (await isDemoIncomplete(warehouse)) await removeIncompleteDemo(warehouse)
      return makeDemo(
        warehouse,
        {
          scenario: given.text('scenario') as ScenarioName,
          customers: given.whole('customers', 1)!,
          seed: given.whole('seed', 0)!,
        },
        work,
      )
    })
    // A report of an earlier shop would lie about this one.
    rmSync(join(store, 'report.html'), { force: true })
    return { document: summary, text: describeDemo(summary) }
  },
}

export const describeDemo = ({ scenario, customers, orders, events, from, until }: DemoSummary): string =>
  `made a simulated ${scenario} shop: ${customers.toLocaleString('en')} customers, ${orders.toLocaleString('en')} orders and ` +
  `${events.toLocaleString('en')} events from ${isoOf(from).slice(0, 10)} to ${isoOf(until).slice(0, 10)}`
