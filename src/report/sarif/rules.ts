/** What a kind of finding is called, why it matters and what to do: what the caller knows of the rules of a report. */
export interface RuleDescription {
  /** Stable: what `Finding.rule` says. */
  readonly id: string
  readonly title: string
  readonly why: string
  readonly fix: string
  readonly severity: 'error' | 'warning' | 'note'
  /** A page about the rule. */
  readonly helpUri?: string
  /** `security` among them makes GitHub list the alerts as of security, with the severity below. */
  readonly tags?: readonly string[]
  /** 0.0 to 10.0, in the bands of CVSS: over 9 critical, from 7 high, from 4 medium. */
  readonly securitySeverity?: number
}

/** A `reportingDescriptor` (section 3.49). */
export function ruleDescriptor({ id, title, why, fix, severity, helpUri, tags, securitySeverity }: RuleDescription): object {
  return {
    id,
    name: pascalCase(id),
    shortDescription: { text: sentence(title) },
    fullDescription: { text: [sentence(title), sentence(why)].filter((text) => text !== '').join(' ') },
    help: {
      text: [why, fix].filter((text) => text !== '').join('\n\n') || title,
      markdown: [`**${title}**`, why, ...(fix === '' ? [] : [`**What to do:** ${fix}`])]
        .filter((text) => text !== '')
        .join('\n\n'),
    },
    ...(helpUri !== undefined && { helpUri }),
    defaultConfiguration: { level: severity },
    properties: {
      ...(tags && tags.length > 0 && { tags: [...tags] }),
      ...(securitySeverity !== undefined && { 'security-severity': securitySeverity.toFixed(1) }),
    },
  }
}

/** `pickle.dangerous-call` → `PickleDangerousCall`: an identifier that people can read (section 3.49.7). */
const pascalCase = (id: string): string =>
  id
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

const sentence = (text: string): string => (text === '' || /[.!?:]$/.test(text) ? text : `${text}.`)
