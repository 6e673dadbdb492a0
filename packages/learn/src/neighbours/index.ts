export {
  fitNeighbourAmounts,
  fitNeighbourClasses,
  type NeighboursModel,
  type NeighboursOptions,
  predictNeighbourAmounts,
  predictNeighbourClasses,
} from './nearest-neighbours.ts'
