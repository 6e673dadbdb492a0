import { loadModel, type Saveable, saveModel } from '@rapport/learn'

/** A fitted model as JSON: its kind to read, and everything to the last bit in the library's own format. */
export const modelJson = (model: Saveable): string =>
  JSON.stringify({ kind: model.kind, saved: Buffer.from(saveModel(model)).toString('base64') })

/** What `modelJson` was given. */
export function modelOfJson<Model extends Saveable>(json: string): Model {
  const { saved } = JSON.parse(json) as { readonly saved: string }
  return loadModel<Model>(Uint8Array.from(Buffer.from(saved, 'base64')))
}
