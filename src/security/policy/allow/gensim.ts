// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const gensim: AllowList = {
  framework: 'gensim',
  versions: ['gensim 4.4.0'],
  groups: [
    {
      condition: 'neverCalled',
      reason: 'a name that a model refers to',
      names: nameTable(`
gensim.models.tfidfmodel: df2idf
gensim.utils: call_on_class_only identity
`),
    },
    {
      condition: 'withoutConstructor',
      reason: 'a vocabulary or word vectors: restoring it copies numbers',
      names: nameTable(`
gensim.corpora.dictionary: Dictionary
gensim.models.fasttext: FastText FastTextKeyedVectors
gensim.models.keyedvectors: KeyedVectors
gensim.models.ldamodel: LdaModel LdaState
gensim.models.tfidfmodel: TfidfModel
gensim.models.word2vec: Word2Vec
`),
    },
  ],
}
