// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const pmdarima: AllowList = {
  framework: 'pmdarima',
  versions: ['pmdarima 2.1.1'],
  groups: [
    {
      condition: 'withoutConstructor',
      reason: 'a fitted model: restoring it copies numbers',
      names: nameTable(`
pmdarima.arima.arima: ARIMA
`),
    },
  ],
}
