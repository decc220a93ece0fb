import type { ColumnFacts } from './facts.ts'

/** The facts of a column for the report: of a sensitive column only what shows no value. */
export function columnDetails(facts: ColumnFacts): Record<string, unknown> {
  const { name, type, kind, missing, distinct, distinctIsEstimate, personalData, isMasked, identifier } = facts
  const open = { name, type, kind, missing, distinct, distinctIsEstimate, ...(identifier && { identifier: identifier.kind }) }
  const found = personalData.length === 0 ? {} : { personalData }
  if (isMasked) return { ...open, ...found, sensitive: true }
  const { onlyValue, top, numbers, times, lengths, text } = facts
  return {
    ...open,
    onlyValue,
    ...(top && { top }),
    ...(numbers && { numbers }),
    ...(times && { times }),
    ...(lengths && { lengths }),
    ...(text && {
      text: {
        ...text,
        classes: Object.fromEntries(Object.entries(text.classes).map(([name, one]) => [name, one?.rows ?? 0])),
      },
    }),
  }
}
