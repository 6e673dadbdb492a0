export { kindOfSaved, loadModel, type Saveable, saveModel } from './saved-model.ts'
