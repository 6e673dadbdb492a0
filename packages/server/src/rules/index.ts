export { eventColumnNames, eventConditions, jsonText, propertyNumber } from './event-conditions.ts'
export {
  type AgeTest,
  type AnniversaryTest,
  type LiveRule,
  type LiveRuleParts,
  type LiveTest,
  liveRuleParts,
  parseLiveRule,
} from './live-rule.ts'
export { type EventTest, type Operand, type Operator, parseRule, type Rule, wrong as wrongRule } from './rule.ts'
export { type RuleContext, ruleSql } from './rule-sql.ts'
