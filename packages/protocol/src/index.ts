export { type Basis, basis, type Purpose, purpose } from './consent.ts'
export { type Customer, customer } from './customer.ts'
export { type Event, type EventCall, event, eventCall } from './event.ts'
export type { FieldType } from './fields.ts'
export {
  type ImportKind,
  type ImportSummary,
  importKind,
  importSummary,
  type MappedColumn,
  type MappingProposal,
  mappingProposal,
  type Target,
  targetsOf,
} from './import.ts'
export { type OrderLine, orderLine } from './order-line.ts'
export { type Product, product } from './product.ts'
