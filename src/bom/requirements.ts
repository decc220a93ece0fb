/** A line of a requirements file. */
export interface Requirement {
  /** Normalised as PEP 503 says: lower case, single dashes. */
  readonly name: string
  /** Null when it is not pinned with `==`. */
  readonly version: string | null
  /** The line as it stands. */
  readonly line: string
}

const REQUIREMENT = /^([A-Za-z0-9](?:[A-Za-z0-9._-]{0,100}[A-Za-z0-9])?)(?:\[[^\]]*\])?\s*(===?\s*([^\s;,*]+)(?=\s*(?:;|$)))?/

/** The packages that a `requirements.txt` asks for (pip, Requirements File Format); options, addresses and comments are left out. */
export function parseRequirements(text: string): Requirement[] {
  return text
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .flatMap((raw) => {
      const line = raw
        .replace(/(^|\s)#.*$/, '')
        .replaceAll(/\s--hash[= ]\S+/g, '')
        .trim()
      const match = line.startsWith('-') ? null : REQUIREMENT.exec(line)
      if (!match || /^[a-z][a-z+]*:\/\//i.test(line)) return []
      return [{ name: match[1]!.toLowerCase().replaceAll(/[-_.]+/g, '-'), version: match[3] ?? null, line }]
    })
}
