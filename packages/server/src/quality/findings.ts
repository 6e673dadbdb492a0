import type { Finding, Severity } from './report.ts'

/** Counts that the findings are made from; nothing here knows of SQL. */
export interface LineFacts {
  readonly lines: number
  readonly lines_without_customer: number
  readonly repeated_lines: number
  readonly cancelled_lines: number
  readonly cancelled_orders: number
  readonly orders: number
  readonly adjustments: number
  readonly free_lines: number
  readonly lines_without_product: number
  readonly non_product_lines: number
  readonly currencies: number
  readonly lines_with_cost: number
  readonly lines_after: number
  /** Records of every kind that were taken: lines, events, customers, products. */
  readonly records_taken: number
}

export interface Examples {
  readonly nonProducts: readonly string[]
  readonly adjustments: readonly string[]
  readonly priceConflicts: { readonly total: number; readonly examples: readonly string[] }
  readonly gaps: { readonly total: number; readonly examples: readonly string[] }
  readonly quarantined: { readonly total: number; readonly examples: readonly string[] }
  readonly sharedEmails: number
}

interface Rule {
  readonly id: string
  readonly title: string
  readonly unit: string
  readonly count: (facts: LineFacts, examples: Examples) => number
  readonly of: (facts: LineFacts, examples: Examples) => number
  readonly examples?: (examples: Examples) => readonly string[]
  /** From which share on it deserves a warning, and from which it is serious; a note below. */
  readonly warning: number
  readonly serious: number
  readonly effect: string
  readonly step?: string
}

const rules: readonly Rule[] = [
  {
    id: 'without-customer',
    title: 'Lines without a customer',
    unit: 'lines',
    count: (facts) => facts.lines_without_customer,
    of: (facts) => facts.lines,
    warning: 0.05,
    serious: 0.5,
    effect:
      'They count in revenue, but no segment, prediction or recommendation can use them: those speak of known customers only.',
  },
  {
    id: 'cancelled',
    title: 'Cancelled lines',
    unit: 'lines',
    count: (facts) => facts.cancelled_lines,
    of: (facts) => facts.lines,
    warning: 0.05,
    serious: 0.3,
    effect: 'Kept out of purchases and product models; they count as refunds and in each customer’s return rate.',
    step: 'reversed-orders',
  },
  {
    id: 'adjustments',
    title: 'Corrections at a negative price',
    unit: 'lines',
    count: (facts) => facts.adjustments,
    of: (facts) => facts.lines,
    warning: 0.001,
    serious: 0.05,
    examples: (examples) => examples.adjustments,
    effect: 'Book-keeping, not behaviour: kept out of revenue and of every model.',
  },
  {
    id: 'non-products',
    title: 'Lines of codes that are no products',
    unit: 'lines',
    count: (facts) => facts.non_product_lines,
    of: (facts) => facts.lines,
    warning: 0.02,
    serious: 0.2,
    examples: (examples) => examples.nonProducts,
    effect: 'Postage, fees and the like count in revenue, but are never recommended and never taken as taste.',
  },
  {
    id: 'repeated',
    title: 'Lines that their file repeats word for word',
    unit: 'lines',
    count: (facts) => facts.repeated_lines,
    of: (facts) => facts.lines,
    warning: 0.02,
    serious: 0.2,
    effect:
      'Kept, since tills write the same article twice. If the export doubled them, spend is too high by their sum.',
    step: 'repeated-lines',
  },
  {
    id: 'free',
    title: 'Sales at a price of nothing',
    unit: 'lines',
    count: (facts) => facts.free_lines,
    of: (facts) => facts.lines,
    warning: 0.01,
    serious: 0.1,
    effect: 'They count as purchases and lower the average order value; often they are samples or stock corrections.',
    step: 'free-lines',
  },
  {
    id: 'without-product',
    title: 'Sales without a product',
    unit: 'lines',
    count: (facts) => facts.lines_without_product,
    of: (facts) => facts.lines,
    warning: 0.05,
    serious: 0.5,
    effect: 'They count in revenue; recommendations cannot learn from them.',
  },
  {
    id: 'price-conflicts',
    title: 'Products whose price varies tenfold',
    unit: 'products',
    count: (_, examples) => examples.priceConflicts.total,
    of: () => 0,
    warning: 0,
    serious: 1,
    examples: (examples) => examples.priceConflicts.examples,
    effect: 'One code may stand for several articles; what is learned about it is a mixture.',
  },
  {
    id: 'gaps',
    title: 'Longer stretches without any order than chance brings',
    unit: 'stretches',
    count: (_, examples) => examples.gaps.total,
    of: () => 0,
    warning: 0,
    serious: 1,
    examples: (examples) => examples.gaps.examples,
    effect:
      'If the shop was open, data are missing: customers look lapsed who are not. Of shops without a break at most one in 20 would be said to have one.',
  },
  {
    id: 'quarantined',
    title: 'Records that could not be taken',
    unit: 'records',
    count: (_, examples) => examples.quarantined.total,
    // Whatever its kind: an event that was kept out is no share of the order lines.
    of: (facts, examples) => facts.records_taken + examples.quarantined.total,
    warning: 0,
    serious: 0.1,
    examples: (examples) => examples.quarantined.examples,
    effect: 'They are in no number here until they are mended: rapport quarantine list shows them.',
  },
  {
    id: 'shared-emails',
    title: 'Email addresses of several customers',
    unit: 'addresses',
    count: (_, examples) => examples.sharedEmails,
    of: () => 0,
    warning: 0,
    serious: 1,
    effect: 'One person may stand here as several customers, each with part of the history.',
  },
  {
    id: 'currencies',
    title: 'More than one currency',
    unit: 'currencies',
    count: (facts) => (facts.currencies > 1 ? facts.currencies : 0),
    of: () => 0,
    warning: 0,
    serious: 1,
    effect: 'Only orders in the store’s own currency are analysed; nothing is converted.',
  },
  {
    id: 'without-cost',
    title: 'Lines without a unit cost',
    unit: 'lines',
    count: (facts) => facts.lines - facts.lines_with_cost,
    of: (facts) => facts.lines,
    warning: 0.5,
    serious: 1.1,
    effect: 'Profit and margin are unknown for these; nothing that would need them is claimed.',
  },
  {
    id: 'future',
    title: 'Lines after the moment of analysis',
    unit: 'lines',
    count: (facts) => facts.lines_after,
    of: (facts) => facts.lines,
    warning: 0,
    serious: 0.5,
    effect: 'Left out of this analysis.',
  },
]

const rank: Readonly<Record<Severity, number>> = { serious: 0, warning: 1, note: 2 }

/** What a person should know, worst first; things that do not occur are not mentioned. */
export function findingsFrom(facts: LineFacts, examples: Examples): Finding[] {
  const found = rules.flatMap((rule): Finding[] => {
    const count = rule.count(facts, examples)
    if (count === 0) return []
    const of = rule.of(facts, examples)
    return [
      {
        id: rule.id,
        severity: severityOf(rule, of === 0 ? 0 : count / of),
        title: rule.title,
        count,
        of,
        unit: rule.unit,
        examples: rule.examples?.(examples) ?? [],
        effect: rule.effect,
        ...(rule.step ? { step: rule.step } : {}),
      },
    ]
  })
  return found.sort((a, b) => rank[a.severity] - rank[b.severity])
}

function severityOf(rule: Rule, share: number): Severity {
  if (share >= rule.serious) return 'serious'
  return share >= rule.warning ? 'warning' : 'note'
}
