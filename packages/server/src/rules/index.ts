export { eventColumnNames, eventConditions, jsonText, propertyNumber } from './event-conditions.ts'
export { parseRule, type Rule } from './rule.ts'
export { type RuleContext, ruleSql } from './rule-sql.ts'
