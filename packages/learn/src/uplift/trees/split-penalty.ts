import { kullbackLeibler } from './divergence.ts'

/** Weight of the difference between all treated and the control against that of each treatment. */
const overall = 0.9

/**
 * What a split's gain is divided by: large where a split sends arms to different sides, which would only compare unlike
 * customers, and where it cuts off few. At least one half.
 *
 * @param node `[arms]` customers of the node, the control's first
 * @param right `[arms]` those of its right child
 *
 * Source: Rzepakowski & Jaroszewicz, "Decision trees for uplift modeling with single and multiple treatments", Knowledge
 * and Information Systems 32, 2012, equation 15, in the form of causalml, which looks at the right child alone.
 */
export function splitPenalty(node: Float64Array, right: Float64Array): number {
  const control = node[0]!
  let treated = 0
  let treatedRight = 0
  for (let arm = 1; arm < node.length; arm += 1) {
    treated += node[arm]!
    treatedRight += right[arm]!
  }
  const all = treated + control
  // A tenth of a customer keeps shares below 1.
  const controlShare = right[0]! / (control + 0.1)
  const treatedShare = treatedRight / (treated + 0.1)
  let penalty = overall * crossEntropy(treated / all, control / all) * kullbackLeibler(treatedShare, controlShare)
  for (let arm = 1; arm < node.length; arm += 1) {
    const both = node[arm]! + control
    const share = right[arm]! / (node[arm]! + 0.1)
    penalty += (1 - overall) * crossEntropy(node[arm]! / both, control / both) * kullbackLeibler(share, controlShare)
    penalty += (node[arm]! / all) * entropy(share)
  }
  return penalty + (control / all) * entropy(controlShare) + 0.5
}

const crossEntropy = (share: number, of: number): number => (of > 0 ? -share * Math.log(of) : 0)

const entropy = (share: number): number => (share > 0 ? -share * Math.log(share) : 0)
