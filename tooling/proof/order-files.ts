import { writeFileSync } from 'node:fs'

const header = 'order_id,customer_id,order_date,sku,quantity,unit_price\n'

/** One good record: three lines an order, seven orders a customer, a minute between orders. */
function record(row: number, first: number): string {
  const order = first + Math.floor(row / 3)
  const at = new Date(Date.UTC(2020, 0, 1) + order * 60_000).toISOString().slice(0, 19).replace('T', ' ')
  return `${order},c${Math.floor(order / 7)},${at},s${(row * 7919) % 500},${1 + (row % 4)},${(row % 90) + 1}.25`
}

const cut = (line: string, place: number, by: string): string =>
  line
    .split(',')
    .map((cell, at) => (at === place ? by : cell))
    .join(',')

/** Ways in which a record can be spoilt; each must cost that record and no other. */
const damages: readonly ((line: string) => string)[] = [
  (line) => cut(line, 2, 'yesterday'),
  (line) => cut(line, 5, 'free'),
  (line) => cut(line, 0, ''),
  (line) => cut(line, 4, '0'),
  (line) => line.split(',').slice(0, 4).join(','),
  (line) => `${line},more,cells`,
  (line) => cut(line, 3, '"s1'),
  (line) => cut(line, 2, '2999-01-01'),
  (line) => cut(line, 5, '1\u00002'),
  (line) => cut(line, 4, '3 or 4'),
]

/**
 * Writes a file of orders.
 *
 * @param first number of the first order, so that files can be told apart
 * @param everyBad spoils every so-manieth record; 0 for none
 */
export function writeOrders(path: string, rows: number, first: number, everyBad = 0): void {
  const lines: string[] = []
  for (let row = 0; row < rows; row += 1) {
    const line = record(row, first)
    const isBad = everyBad > 0 && row % everyBad === everyBad - 1
    lines.push(isBad ? damages[Math.floor(row / everyBad) % damages.length]!(line) : line)
  }
  writeFileSync(path, `${header}${lines.join('\n')}\n`)
}

export const ordersHeader = header
