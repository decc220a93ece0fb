import { Option } from 'commander'

/** Where what was found also goes, for code scanning; of `run` and of every step. */
export const sarifOption = (): Option => new Option('--sarif <FILE>', 'Also write what was found as SARIF 2.1.0')
