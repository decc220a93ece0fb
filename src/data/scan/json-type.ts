export const JSON_TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'] as const
export type JsonType = (typeof JSON_TYPES)[number]
export type JsonScalar = string | number | boolean | null
