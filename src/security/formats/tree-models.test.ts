import { expect, test } from 'vitest'
import { scanBytes } from '../scan.ts'

async function verdictOf(text: string, name: string): Promise<string[]> {
  const { verdict, formats, findings } = await scanBytes(Buffer.from(text), name)
  return [verdict, formats[0] ?? '', ...findings.map(({ rule }) => rule ?? '')]
}

const LIGHTGBM = `tree
version=v4
num_class=1
tree_sizes=40

Tree=0
num_leaves=2
leaf_value=0.5 0.25


end of trees

feature_importances:
a=1
`

test('a LightGBM model that is cut in its trees does not pass', async () => {
  expect(await verdictOf(LIGHTGBM, 'model.txt')).toEqual(['pass', 'lightgbm'])
  expect(await verdictOf(LIGHTGBM.slice(0, 70), 'model.txt')).toEqual(['error', 'lightgbm', 'trees.cut'])
})

test('an XGBoost model has as many trees as it says', async () => {
  const model = (said: string, trees: object[]) =>
    JSON.stringify({
      learner: { gradient_booster: { model: { gbtree_model_param: { num_trees: said }, trees } } },
      version: [3, 0, 0],
    })
  const tree = { id: 0, split_conditions: [0.5] }
  expect(await verdictOf(model('2', [tree, tree]), 'model.json')).toEqual(['pass', 'json'])
  expect(await verdictOf(model('0', []), 'model.json')).toEqual(['pass', 'json'])
  expect(await verdictOf(model('3', [tree, tree]), 'model.json')).toEqual(['error', 'json', 'trees.cut'])
})
