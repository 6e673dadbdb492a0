export { openState } from './open-state.ts'
export type { State, StateQueries } from './state.ts'
export type {
  ConsentTable,
  CursorTable,
  Flag,
  IdentityTable,
  JobTable,
  ScheduleTable,
  SettingTable,
  StateTables,
  WriteKeyTable,
} from './tables.ts'
