import type { Warehouse } from '../warehouse/index.ts'
import { eventKinds, sources } from './record.ts'
import { textsOf } from './texts.ts'
import { educations, firstNames, genders, lastNames, otherCountries, purposes } from './traits.ts'
import type { Shop } from './visit.ts'

/** Puts what the codes stand for beside them, as temporary tables that the queries join. */
export async function stageWords(warehouse: Warehouse, { scenario, catalogue, calendar }: Shop): Promise<void> {
  const lists: Readonly<Record<string, readonly string[]>> = {
    first: firstNames.flat(),
    last: lastNames,
    gender: genders,
    education: educations,
    country: [scenario.country, ...otherCountries],
    region: scenario.regions,
    source: sources,
    purpose: purposes,
  }
  const words = Object.entries(lists).flatMap(([kind, texts]) => texts.map((text, code) => ({ kind, code, text })))
  await warehouse.stage('demo_words', {
    kind: words.map((word) => word.kind),
    code: Int32Array.from(words, (word) => word.code),
    text: words.map((word) => word.text),
  })
  await warehouse.stage('demo_kinds', {
    kind: Int32Array.from(eventKinds, (_, code) => code),
    call: eventKinds.map(([call]) => call),
    name: eventKinds.map(([, name]) => name),
  })
  const texts = textsOf(scenario)
  await warehouse.stage('demo_texts', { code: Int32Array.from(texts, (_, code) => code), text: texts })
  const { products } = catalogue
  await warehouse.stage('demo_products', {
    code: Int32Array.from(products, (product) => product.code),
    product_id: products.map(({ code }) => `${scenario.idPrefix}${String(code).padStart(4, '0')}`),
    name: products.map((product) => product.name),
    category: products.map((product) => scenario.categories[product.category]!.path),
    brand: products.map((product) => product.brand),
    style: products.map((product) => scenario.styles[product.style]!),
    cents: Int32Array.from(products, (product) => product.cents),
    cost_cents: Int32Array.from(products, (product) => product.costCents ?? -1),
    known_seconds: Int32Array.from(products, (product) => calendar.midnight[product.firstDay]!),
    is_available: Int32Array.from(products, (product) => (product.lastDay >= calendar.days ? 1 : 0)),
  })
}
