export * from './linear/index.ts'
export * from './metrics/index.ts'
export * from './preparation/index.ts'
export * from './selection/index.ts'
