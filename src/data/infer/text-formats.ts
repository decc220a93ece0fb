/**
 * Formats of JSON Schema that are recognised in data. The expressions take less than the specifications allow and nothing that they
 * forbid: what is recognised here must be valid to every validator.
 */
export interface TextFormat {
  readonly name: string
  /** Of the whole value; read alike by RE2 and JavaScript. */
  readonly pattern: string
  /** DuckDB's type that the text must also convert to, as 31 February does not. */
  readonly type?: 'DATE' | 'TIMESTAMP'
}

const DATE = '[0-9]{4}-[0-9]{2}-[0-9]{2}'
const TIME = '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])'
const LABEL = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'

export const TEXT_FORMATS: readonly TextFormat[] = [
  { name: 'date', pattern: DATE, type: 'DATE' },
  { name: 'date-time', pattern: `${DATE}T${TIME}`, type: 'TIMESTAMP' },
  { name: 'time', pattern: TIME },
  { name: 'email', pattern: `[A-Za-z0-9_+-]+(\\.[A-Za-z0-9_+-]+)*@${LABEL}(\\.${LABEL})+` },
  { name: 'uuid', pattern: '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}' },
  {
    name: 'uri',
    pattern: `[a-z][a-z0-9+.-]*://${LABEL}(\\.${LABEL})*(:[0-9]{1,5})?(/[A-Za-z0-9/._~-]*)?(\\?[A-Za-z0-9=&._~-]*)?`,
  },
  { name: 'ipv4', pattern: `${OCTET}(\\.${OCTET}){3}` },
]

/** The formats in which any of these values is written. */
export function candidateFormats(values: readonly string[]): readonly TextFormat[] {
  return TEXT_FORMATS.filter(({ pattern }) => {
    const whole = new RegExp(`^(?:${pattern})$`)
    return values.some((value) => whole.test(value))
  })
}
