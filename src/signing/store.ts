import { openLogged, type WatchedTable } from '../drivers/audit-log.ts'

/** A signed statement that is kept beside a version of the registry. */
export interface StoredAttestation {
  readonly id: number
  /** Of the model in the registry. */
  readonly model: string
  readonly version: number
  /** The gate that it answers, or the type of its predicate. */
  readonly gate: string
  /** SHA-256 of its subject, in hex. */
  readonly subject: string
  /** Of the key that signed it; empty when there was none. */
  readonly keyId: string
  /** The key itself, in PEM; empty when there was none. */
  readonly publicKey: string
  /** The Sigstore bundle. */
  readonly bundle: string
}

/** What was found when a model was let into an environment. */
export interface StoredVerification {
  readonly id: number
  readonly environment: string
  readonly releaseId: string
  /** Digest of the model's bytes. */
  readonly subject: string
  /** Digest of the policy. */
  readonly policy: string
  /** The gates that held, by commas. */
  readonly gates: string
  /** A signed verification summary; empty without a key. */
  readonly bundle: string
  readonly at: string
}

export interface AttestationStore {
  add(attestation: Omit<StoredAttestation, 'id'>): void
  /** Oldest first; all of them when no version is named. */
  list(of?: { readonly model: string; readonly version: number }): StoredAttestation[]
  addVerification(verification: Omit<StoredVerification, 'id'>): void
  /** Of a release, newest first. */
  verifications(releaseId: string): StoredVerification[]
  close(): void
}

const MIGRATIONS = [
  `
  CREATE TABLE attestation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    model TEXT NOT NULL,
    version INTEGER NOT NULL,
    gate TEXT NOT NULL,
    subject TEXT NOT NULL,
    key_id TEXT NOT NULL,
    public_key TEXT NOT NULL,
    bundle TEXT NOT NULL
  ) STRICT;
  CREATE INDEX attestation_version ON attestation (model, version);
  CREATE TRIGGER attestation_is_immutable BEFORE UPDATE ON attestation
    BEGIN SELECT RAISE(ABORT, 'an attestation never changes'); END;
  CREATE TABLE verification (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    environment TEXT NOT NULL,
    release_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    policy TEXT NOT NULL,
    gates TEXT NOT NULL,
    bundle TEXT NOT NULL,
    at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX verification_release ON verification (release_id, id);
  `,
]

export const SIGNING_TABLES: readonly WatchedTable[] = [
  { table: 'attestation', key: ['id'] },
  { table: 'verification', key: ['id'] },
]

const ATTESTATION = 'id, model, version, gate, subject, key_id AS keyId, public_key AS publicKey, bundle'
const VERIFICATION = 'id, environment, release_id AS releaseId, subject, policy, gates, bundle, at'

/** Opens the attestations of a state folder. Several processes may have them open at once. */
export function openAttestations(stateDir: string): AttestationStore {
  const { database, log } = openLogged(stateDir, 'signing', MIGRATIONS, SIGNING_TABLES)
  return {
    add({ model, version, gate, subject, keyId, publicKey, bundle }) {
      database.transaction(() => {
        const row = database.get<{ id: number }>(
          'INSERT INTO attestation (model, version, gate, subject, key_id, public_key, bundle) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id',
          ...[model, version, gate, subject, keyId, publicKey, bundle],
        )!
        log.append({
          action: 'attestation.stored',
          subject: `${model}/${version}`,
          actor: null,
          at: new Date(),
          details: { gate, digest: `sha256:${subject}`, keyId },
          rows: [{ table: 'attestation', key: [row.id] }],
        })
      })
    },
    list: (of) =>
      of === undefined
        ? database.all<StoredAttestation>(`SELECT ${ATTESTATION} FROM attestation ORDER BY id`)
        : database.all<StoredAttestation>(
            `SELECT ${ATTESTATION} FROM attestation WHERE model = ? AND version = ? ORDER BY id`,
            of.model,
            of.version,
          ),
    addVerification({ environment, releaseId, subject, policy, gates, bundle, at }) {
      database.transaction(() => {
        const row = database.get<{ id: number }>(
          'INSERT INTO verification (environment, release_id, subject, policy, gates, bundle, at) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id',
          ...[environment, releaseId, subject, policy, gates, bundle, at],
        )!
        log.append({
          action: 'release.verified',
          subject: `environment ${environment}`,
          actor: null,
          at: new Date(at),
          details: { release: releaseId, policy, gates },
          rows: [{ table: 'verification', key: [row.id] }],
        })
      })
    },
    verifications: (releaseId) =>
      database.all<StoredVerification>(
        `SELECT ${VERIFICATION} FROM verification WHERE release_id = ? ORDER BY id DESC`,
        releaseId,
      ),
    close: () => database.close(),
  }
}
