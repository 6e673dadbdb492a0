export { squaredDistance } from './distance'
