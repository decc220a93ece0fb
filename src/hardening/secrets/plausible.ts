const PLACEHOLDER =
  /example|sample|dummy|fake|placeholder|redacted|changeme|change[-_]?me|replace|your[-_]?|insert|todo|xxxx|\*\*\*|\.\.\.|<[^>]*>|\$\{|\$\(|\{\{|test[-_]?(?:key|token|secret|password)|not[-_]?a?[-_]?(?:real|secret)|deadbeef/i
/** `aaaaa`, `00000` */
const REPEATED = /(.)\1{5,}/
const RUNS = ['0123456789', '1234567890', 'abcdefghij', 'zyxwvutsr', '9876543210', 'qwertyuiop']

/** Whether a value may be a real secret: no placeholder, no run of characters, and not too regular for its length. */
export function isPlausible(value: string, leastEntropy = 3): boolean {
  const lower = value.toLowerCase()
  if (PLACEHOLDER.test(value) || REPEATED.test(value) || RUNS.some((run) => lower.includes(run))) return false
  return entropy(value) >= leastEntropy
}

/** Shannon entropy of the characters, in bits per character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}
