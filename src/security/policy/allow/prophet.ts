// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const prophet: AllowList = {
  framework: 'Prophet',
  versions: ['prophet 1.5.0'],
  groups: [
    {
      condition: 'withoutConstructor',
      reason: 'a forecaster: restoring it copies numbers and tables',
      names: nameTable(`
prophet.forecaster: Prophet
prophet.models: CmdStanPyBackend
`),
    },
  ],
}
