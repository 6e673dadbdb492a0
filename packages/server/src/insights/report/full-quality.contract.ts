import type { Analysis } from '../analysis.ts'
import { asOf } from './made-up.contract.ts'

export const quality: Analysis['quality'] = {
  asOf,
  tables: ['order_lines', 'customers'].map((table) => ({
    table,
    rows: 31_204,
    columns: [
      {
        name: 'order_id',
        type: 'text',
        missing: 0,
        distinct: 15_600,
        least: 'O-1',
        greatest: 'O-9999',
        median: null,
        outliers: null,
      },
      {
        name: 'quantity',
        type: 'number',
        missing: 0,
        distinct: 14,
        least: '-4',
        greatest: '40',
        median: 1,
        outliers: { count: 12, below: -3, above: 9 },
      },
      {
        name: 'amount',
        type: 'money',
        missing: 3,
        distinct: 900,
        least: '-80.5',
        greatest: '1290',
        median: 42.5,
        outliers: { count: 88, below: -60, above: 210 },
      },
      {
        name: 'occurred_at',
        type: 'moment',
        missing: 0,
        distinct: 15_602,
        least: '2024-03-04T07:01:00Z',
        greatest: '2025-09-13T22:40:00Z',
        median: null,
        outliers: null,
      },
    ],
  })),
  findings: [
    {
      id: 'lines.no-customer',
      severity: 'warning',
      title: 'Sales without a customer',
      count: 2_590,
      of: 31_204,
      unit: 'lines',
      examples: ['O-17', 'O-44'],
      effect: 'They count in revenue and are left out of every customer model.',
    },
    {
      id: 'gaps',
      severity: 'serious',
      title: 'Days without any sale',
      count: 9,
      of: 560,
      unit: 'days',
      examples: ['2025-01-02'],
      effect:
        'Nine days in a row have no order: perhaps a file is missing. Lapse and lifetime models would take them for quiet days.',
    },
    {
      id: 'codes',
      severity: 'note',
      title: 'Codes that are no products',
      count: 3,
      of: 415,
      unit: 'products',
      examples: ['POSTAGE'],
      effect: 'Left out of recommendations.',
    },
  ],
  balance: [
    { target: 'lapse', definition: 'no purchase in the 90 days after the cut', customers: 1_720, positive: 757 },
    {
      target: 'second purchase',
      definition: 'a second order within 60 days of the first',
      customers: 0,
      positive: 0,
      because: 'nobody has been a customer for 60 days',
    },
  ],
  representativeness: {
    knownRevenueShare: 0.917,
    knownOrderShare: 0.904,
    dimensions: [
      { name: 'country', distance: 0.04, largest: { value: 'Ireland', known: 0.09, all: 0.12 } },
      { name: 'category', distance: 0.01, largest: null },
    ],
  },
  sinceLastImport: [{ measure: 'lines a day', before: 58.1, now: 61.4 }],
  cleaning: [
    {
      id: 'repeated-lines',
      title: 'Leave out repeated lines',
      isOn: false,
      lines: 41,
      effect: 'Revenue would fall by 0.1 %.',
    },
  ],
}
