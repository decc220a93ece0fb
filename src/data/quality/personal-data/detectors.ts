import { CONTACTS } from './contacts.ts'
import { NATIONAL_NUMBERS } from './national-numbers.ts'
import { PAYMENT } from './payment.ts'
import type { Detector } from './detector.ts'

/** All kinds of personal data that are looked for. */
export const DETECTORS: readonly Detector[] = [...CONTACTS, ...PAYMENT, ...NATIONAL_NUMBERS]
