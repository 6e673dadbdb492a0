export type { ImportKind, ImportSummary, MappingProposal } from '@rapport/protocol'
export { type ImportRequest, importFiles } from './import-files.ts'
