export { followLog, type LogFollower, type LogStep } from './log-follower.ts'
export { openState } from './open-state.ts'
export type { State, StateQueries } from './state.ts'
export type {
  ApiKeyTable,
<<<<<<< HEAD
  AuditTable,
=======
  BrokenRuleTable,
>>>>>>> d90d45e (plan: schemas of events, checked within a bound of steps)
  ConsentTable,
  CursorTable,
  EventSchemaTable,
  Flag,
  IdentityLinkTable,
  IdentityTable,
  JobTable,
<<<<<<< HEAD
  OperatorTable,
=======
  PlanViolationTable,
>>>>>>> d90d45e (plan: schemas of events, checked within a bound of steps)
  ScheduleTable,
  SessionTable,
  SettingTable,
  StateTables,
  WriteKeyTable,
} from './tables.ts'
