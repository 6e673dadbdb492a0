import { readAnalysis } from '../../insights/index.ts'
import type { Command } from '../command.ts'
import { withStore } from '../with-store.ts'

export const plan: Command = {
  name: 'plan',
  summary: 'What to do about each segment, from the last analysis',
  options: {},
  run: ({ store }) =>
    withStore(store, async (warehouse) => {
      const { plan: entries, firstLook, simulated } = await readAnalysis(warehouse)
      const text = entries.map((entry) => {
        const stake =
          entry.valueAtStake.amount === null
            ? 'not known'
            : `${Math.round(entry.valueAtStake.amount).toLocaleString('en')} ${firstLook.currency}`
        return [
          `${entry.segment} (${entry.customers.toLocaleString('en')} customers, ${entry.family})`,
          `  goal        ${entry.goal.title}: ${entry.goal.because}`,
          `  do          ${entry.goal.action}`,
          `  offer       ${entry.offer.words}`,
          `  when        ${entry.timing?.words ?? 'not known'}`,
          `  at stake    ${stake}: ${entry.valueAtStake.words}`,
          `  pays from   ${entry.breakEven.known ? entry.breakEven.words : `not known: ${entry.breakEven.because}`}`,
          `  measure     ${entry.experiment.possible ? entry.experiment.words : entry.experiment.because}`,
          ...entry.cautions.map((caution) => `  mind        ${caution}`),
        ].join('\n')
      })
      if (simulated) text.unshift(`a simulated ${simulated} shop: no number here is about real people`)
      return { document: entries, text: text.join('\n\n') }
    }),
}
