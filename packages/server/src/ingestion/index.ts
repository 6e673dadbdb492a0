export { type ImportRequest, importFiles } from './import-files.ts'
