import { z } from 'zod'
import type { ResourceDescriptor } from '../statement.ts'

/** How a model was made. SLSA provenance, version 1: https://slsa.dev/spec/v1.2/build-provenance */
export interface Provenance {
  readonly buildDefinition: {
    readonly buildType: string
    readonly externalParameters: Readonly<Record<string, unknown>>
    readonly internalParameters: Readonly<Record<string, unknown>>
    readonly resolvedDependencies: readonly ResourceDescriptor[]
  }
  readonly runDetails: {
    readonly builder: { readonly id: string; readonly version: Readonly<Record<string, string>> }
    readonly metadata: { readonly invocationId?: string; readonly startedOn?: string; readonly finishedOn: string }
  }
}

/** What is known of the making of a model. */
export interface ProvenanceFacts {
  /** The command that trained it; null when not known. */
  readonly command: string | null
  /** The content of the training configuration. */
  readonly parameters: unknown
  readonly seed: number | null
  readonly data: ResourceDescriptor | null
  readonly config: ResourceDescriptor | null
  readonly commit: string | null
  readonly dirty: boolean
  /** Where the source comes from, as git spells it: `https://github.com/acme/mortgage`. */
  readonly repository: string | null
  readonly lockFiles: readonly ResourceDescriptor[]
  /** Runtime and platform, by name. */
  readonly environment: Readonly<Record<string, string>>
  readonly builder: Builder
  /** The registry's entry, by the digest of all that it says. */
  readonly entry: { readonly name: string; readonly digest: string } | null
  /** The end of the audit log, `SEQ:HASH`: a log that no longer goes through it was rewritten after this was signed. */
  readonly auditHead?: string | null
  readonly runId: string | null
  readonly finishedOn: Date
  readonly toolVersion: string
}

/** Who ran the build. */
export interface Builder {
  /** The workflow of a CI, or a word for a person's machine. */
  readonly id: string
  /** The run of the CI, where there is one. */
  readonly invocationId: string | null
  /** The level of SLSA's build track that this can honestly claim: 1 when the statement is made where the training code runs. */
  readonly slsaBuildLevel: 0 | 1
}

const BUILD_TYPE = 'https://www.npmjs.com/package/plimsoll#model-training-v1'

export const ProvenanceDocument = z.looseObject({
  buildDefinition: z.looseObject({
    internalParameters: z.looseObject({
      dirty: z.boolean(),
      registryEntry: z.looseObject({ name: z.string(), digest: z.string() }).nullish(),
    }),
    resolvedDependencies: z.array(
      z.looseObject({
        name: z.string().optional(),
        uri: z.string().optional(),
        digest: z.record(z.string(), z.string()).optional(),
      }),
    ),
  }),
  runDetails: z.looseObject({
    builder: z.looseObject({ id: z.string(), version: z.record(z.string(), z.string()).default({}) }),
    metadata: z.looseObject({ finishedOn: z.iso.datetime() }),
  }),
})

export function provenance(facts: ProvenanceFacts): Provenance {
  const { builder, commit, repository } = facts
  const source: ResourceDescriptor[] =
    commit === null
      ? []
      : [{ name: 'source', ...(repository !== null && { uri: `git+${repository}` }), digest: { gitCommit: commit } }]
  const known = (descriptor: ResourceDescriptor | null) => (descriptor ? [descriptor] : [])
  return {
    buildDefinition: {
      buildType: BUILD_TYPE,
      externalParameters: { command: facts.command, config: facts.config?.name ?? null, data: facts.data?.name ?? null },
      internalParameters: {
        dirty: facts.dirty,
        seed: facts.seed,
        parameters: facts.parameters ?? null,
        environment: facts.environment,
        registryEntry: facts.entry,
        ...(facts.auditHead && { auditHead: facts.auditHead }),
        slsaBuildLevel: builder.slsaBuildLevel,
      },
      resolvedDependencies: [...source, ...known(facts.data), ...known(facts.config), ...facts.lockFiles],
    },
    runDetails: {
      builder: { id: builder.id, version: { plimsoll: facts.toolVersion } },
      metadata: {
        ...((builder.invocationId ?? facts.runId) !== null && { invocationId: (builder.invocationId ?? facts.runId)! }),
        finishedOn: facts.finishedOn.toISOString(),
      },
    },
  }
}

/** The commit that a provenance names; undefined when it names none. */
export const commitOf = ({ buildDefinition }: z.output<typeof ProvenanceDocument>): string | undefined =>
  buildDefinition.resolvedDependencies.find(({ digest }) => digest?.['gitCommit'] !== undefined)?.digest?.['gitCommit']
