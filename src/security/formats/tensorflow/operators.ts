import { TENSORFLOW_OPERATORS } from './known-operators.ts'

/** Why operators of TensorFlow do harm when the graph runs. */
const DANGEROUS: Readonly<Record<string, string>> = {
  PyFunc: 'calls a Python function',
  PyFuncStateless: 'calls a Python function',
  EagerPyFunc: 'calls a Python function',
  ReadFile: 'reads any file',
  WriteFile: 'writes any file',
  MatchingFiles: 'lists files',
  ImmutableConst: 'maps a file into memory',
  LoadAndRemapMatrix: 'reads a file',
  GenerateVocabRemapping: 'reads a file',
  DatasetFromGraph: 'runs a graph that is hidden in a text',
  RemoteFusedGraphExecute: 'runs a graph that is hidden in a text',
  TfLiteSubgraphExecute: 'runs a graph that is hidden in a text',
  DatasetToTFRecord: 'writes a file',
  ExperimentalDatasetToTFRecord: 'writes a file',
  SaveDataset: 'writes files',
  SaveDatasetV2: 'writes files',
  DistributedSave: 'writes files',
  LoadDataset: 'reads files',
  CreateSummaryFileWriter: 'writes a file',
  CreateSummaryDbWriter: 'writes a file',
  ImportEvent: 'writes a file',
  SqlDataset: 'opens a database',
  ExperimentalSqlDataset: 'opens a database',
  LoadLibrary: 'loads a program',
  Abort: 'ends the process',
  DebugIdentity: 'sends tensors to a URL or a file',
  DebugIdentityV2: 'sends tensors to a URL or a file',
  DebugIdentityV3: 'sends tensors to a URL or a file',
  DebugNanCount: 'sends tensors to a URL or a file',
  DebugNumericSummary: 'sends tensors to a URL or a file',
  DebugNumericSummaryV2: 'sends tensors to a URL or a file',
}
/** Operators that read data files, which a training pipeline has and a model does not. */
const READERS =
  /^(Experimental)?(TextLine|TFRecord|FixedLengthRecord|CSV|LMDB|Snapshot|DataService|RegisterDataset)\w*(Dataset|Reader)(V\d)?$|^(WholeFile|LMDB|TextLine|TFRecord|FixedLengthRecord)Reader(V\d)?$|^(SnapshotDataset|SnapshotDatasetV2|RegisterDataset|RegisterDatasetV2|CSVDataset|CSVDatasetV2)$/
/** Which input of an operator that saves or restores is the name of the file. */
export const FILE_INPUTS: Readonly<Record<string, readonly number[]>> = {
  Save: [0],
  SaveSlices: [0],
  SaveV2: [0],
  Restore: [0],
  RestoreSlice: [0],
  RestoreV2: [0],
  MergeV2Checkpoints: [0, 1],
  InitializeTableFromTextFile: [1],
  InitializeTableFromTextFileV2: [1],
}
/** Libraries of operators that are installed beside TensorFlow. */
const COMPANIONS =
  /^(Addons>|TFText>|TFRA>|TF-?Text|SentencepieceOp|Sentencepiece|SimpleML|KafkaDataset|IO>|Monolith|Horovod|Wordpiece|WordPiece|Unicode\w*WithOffsets|RegexSplit|CaseFold|Normalize|Rouge|SentenceFragments|ConstrainedSequence|FastWordpiece|FastBert|RoundRobin|Ngram|Bert|Whitespace|SplitMerge|TFLite_|TPU|Xla|Tensorrt|TRTEngine|DTensor|_)/

export type OperatorJudgement = 'known' | 'dangerous' | 'reader' | 'companion' | 'unknown'

/** What is known of an operator by its name alone. */
export function judgeOperator(name: string): OperatorJudgement {
  if (Object.hasOwn(DANGEROUS, name)) return 'dangerous'
  if (READERS.test(name)) return 'reader'
  if (TENSORFLOW_OPERATORS.has(name)) return 'known'
  return COMPANIONS.test(name) ? 'companion' : 'unknown'
}

/** What a dangerous operator does, in words. */
export const harmOf = (name: string): string => (Object.hasOwn(DANGEROUS, name) ? DANGEROUS[name]! : 'is known to do harm')
