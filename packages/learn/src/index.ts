export {}
export * from './linear/index.ts'
