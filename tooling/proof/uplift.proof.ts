import {
  armFigures,
  fixedScoreFigures,
  isAsPublished,
  type PublishedFigure,
} from '../../packages/learn/src/uplift/hillstrom.contract.ts'
import { isReached, learnerFigures } from '../../packages/learn/src/uplift/hillstrom-learners.contract.ts'
import { loadHillstrom } from '../hillstrom-email.ts'
import { type Measured, needsData, prove } from './record.ts'

// hillstrom_email by the protocol of its README: rows of two arms in file order, measures as scikit-uplift defines them.

function measureFigures(figures: readonly PublishedFigure[]): Measured {
  const wrong = figures.filter((figure) => !isAsPublished(figure))
  return {
    figure:
      `${figures.length - wrong.length} of ${figures.length} figures to the last digit printed` +
      wrong.map(({ name, found, published }) => `; ${name} ${found} (published ${published})`).join(''),
    isMet: wrong.length === 0,
  }
}

prove({
  name: 'uplift-arms',
  claim: 'sizes, shares and means of the three arms, and their z and Welch tests, as published',
  cannot: needsData,
  measure: async () => measureFigures(armFigures(loadHillstrom())),
})

prove({
  name: 'uplift-fixed-scores',
  claim: 'Qini, AUUC, uplift at 10 and 30 % and weighted average uplift of fixed scores as published',
  cannot: needsData,
  measure: async () => measureFigures(fixedScoreFigures(loadHillstrom())),
})

prove({
  name: 'uplift-learners',
  claim: 'learners on linear base learners, even rows train and odd rows test: not below the reference learners',
  cannot: needsData,
  measure: async () => {
    const figures = await learnerFigures(loadHillstrom())
    const words = figures.map(
      ({ name, found, reference }) => `${name} ${found.qini.toFixed(4)} (reference ${reference.qini.toFixed(4)})`,
    )
    return { figure: `Qini: ${words.join(', ')}`, isMet: figures.every(isReached) }
  },
})
