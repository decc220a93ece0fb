import { dangerous, note, suspicious, unexamined, type Rule } from './rule.ts'

export const FORMAT_RULES = {
  'json.broken': unexamined('A JSON file cannot be read', {
    why: 'Loaders differ in what they make of JSON that is not whole, so nothing can be said of what it holds.',
    fix: 'Write the file again with the program that made it, or remove it when the model does not need it.',
  }),

  'keras.code': dangerous('A Keras model carries Python code', {
    why: 'A Lambda layer holds the compiled code of a Python function. Loading the model, or its first prediction, runs it.',
    fix: 'Replace the Lambda layer by a layer of Keras, or by a registered class whose code is reviewed with your own, and save the model again.',
  }),
  'keras.loader': dangerous('A Keras layer loads another model while it is made', {
    why: 'The layer opens a path, a URL or a pickle that the file names, and runs what it finds there.',
    fix: 'Load the inner model in your own code, and save layers of Keras instead of a layer that wraps a file.',
  }),
  'keras.dangerous-name': dangerous('A Keras configuration names something that does harm', {
    why: 'Keras imports the module and calls what the configuration names: CVE-2025-1550, CVE-2025-8747 and CVE-2025-9906 are attacks of this kind.',
    fix: 'Do not load the file. Ask where it comes from, and build the model again from its code.',
  }),
  'keras.unknown-name': suspicious('A Keras configuration names something that is not of Keras', {
    why: 'Versions of Keras import the module that a configuration names, whatever it is, and call what they find in it.',
    fix: 'Register the class with keras.saving.register_keras_serializable and allow its name, or save the model without it.',
  }),
  'keras.custom-class': note('A Keras model needs a class of your own', {
    why: 'Keras does not have the class. The file cannot bring its code: the program that loads the model must have registered it.',
    fix: 'Nothing, when the class is yours; see that its code is reviewed and released with the model.',
  }),
  'keras.outside-file': dangerous('A Keras layer reads a file outside of the model', {
    why: 'The path of a vocabulary or of weights leads out of the model, so that loading reads any file or URL: CVE-2025-12058.',
    fix: 'Give the layer its vocabulary as a list before saving, so that the words are in the file.',
  }),
  'keras.file': suspicious('A Keras layer reads a file that the configuration names', {
    why: 'The words of a vocabulary are not in the model but in a file that is opened when it is loaded.',
    fix: 'Give the layer its vocabulary as a list before saving, so that the words are in the file.',
  }),
  'keras.unsafe-name': dangerous('A name in a Keras model leads out of its folder', {
    why: 'Keras makes names of folders from names of layers when it writes weights to disk: CVE-2026-12479.',
    fix: 'Rename the layer and save the model again; ask where the file comes from.',
  }),
  'keras.duplicate-key': dangerous('A Keras configuration gives a key twice', {
    why: 'Readers take either the first or the last value, so that what was checked is not what is loaded. Keras never writes this.',
    fix: 'Do not load the file. Save the model again from its code.',
  }),
  'keras.broken': unexamined('A Keras configuration cannot be read', {
    why: 'What the loader would make of it is not known.',
    fix: 'Save the model again with Keras.',
  }),

  'hdf5.external': dangerous('An HDF5 file takes data from other files', {
    why: 'External links, external storage and virtual data sets make the reader open any file that it may read: CVE-2026-1669.',
    fix: 'Copy the data into the file, with h5repack or by saving the model again.',
  }),
  'hdf5.filter': suspicious('An HDF5 file needs a filter that is loaded as a plugin', {
    why: 'HDF5 loads a shared library from its folder of plugins to unpack the data.',
    fix: 'Write the file with gzip or LZF, which HDF5 and h5py bring.',
  }),
  'hdf5.broken': unexamined('An HDF5 file cannot be read to its end', {
    why: 'Nothing can be said of the part that could not be read. Files that are cut short or damaged look like this.',
    fix: 'Copy the file again from where it comes, or save the model again.',
  }),

  'tensorflow.dangerous-operator': dangerous('A TensorFlow graph has an operator that reaches out of it', {
    why: 'Operators that read or write files or call Python run with the rights of the process, whenever the graph runs.',
    fix: 'Export the model again without the operator: read files and print in the program around the model.',
  }),
  'tensorflow.reader': suspicious('A TensorFlow graph reads data files', {
    why: 'Readers of data sets belong to training. In a model that is served they open files that the graph names.',
    fix: 'Export the function that predicts alone, without the input pipeline.',
  }),
  'tensorflow.custom-operator': suspicious('A TensorFlow graph needs operators from a library of its own', {
    why: 'TensorFlow does not have the operator, so it can only run after a shared library has been loaded into the process.',
    fix: 'Express it by operators of TensorFlow, or allow it once you have reviewed the library.',
  }),
  'tensorflow.outside-file': dangerous('A TensorFlow model reads a file outside of its folder', {
    why: 'The path of an asset is absolute, a URL, or leads to a folder above.',
    fix: 'Export the model with tf.saved_model.Asset, so that the file is copied into it.',
  }),
  'tensorflow.broken': unexamined('A TensorFlow file cannot be read to its end', {
    why: 'Nothing can be said of the part that could not be read.',
    fix: 'Export the model again.',
  }),

  'onnx.external-path': dangerous('The ONNX model reads a file outside of its folder', {
    why: 'The place of external data is absolute, a URL, or leads to a folder above, so that loading reads any file: CVE-2024-27318, CVE-2026-27489.',
    fix: 'Save the model again with its weights inside, or in a file in the same folder, with onnx.save_model.',
  }),
  'onnx.external-data': unexamined('The ONNX model keeps weights in files beside it', {
    why: 'The digest of the model does not cover them, so that they can be changed after the scan.',
    fix: 'Scan the folder that holds the model with its weights, or save the weights inside of the model: onnx.save(model, path, save_as_external_data=False).',
  }),
  'onnx.external-file': note('The ONNX model keeps weights in a file that is scanned with it', {
    why: 'The model is more than one file: only all of them together are what was scanned.',
    fix: 'Nothing. Keep the files together.',
  }),
  'onnx.python-operator': dangerous('The ONNX model has an operator that calls Python', {
    why: 'PyOp and PythonOp import and call a Python function that the model names, whenever the model runs.',
    fix: 'Export the model again with operators of ONNX in the place of the Python function.',
  }),
  'onnx.custom-operator': suspicious('The ONNX model needs operators from a library of its own', {
    why: 'The operator only runs after a shared library has been loaded into the process, and nothing is known of what that does.',
    fix: 'Express it by operators of ONNX, or as a function inside of the model.',
  }),
  'onnx.broken': unexamined('An ONNX model cannot be read to its end', {
    why: 'Nothing can be said of the part that could not be read.',
    fix: 'Export the model again, or copy it again from where it comes.',
  }),

  'gguf.header': suspicious('The GGUF header and the file disagree', {
    why: 'Sizes and places that are not in the file have led readers to write and read beyond their memory: CVE-2025-53630, CVE-2026-27940, CVE-2026-33298.',
    fix: 'Download or convert the model again; a file that was cut short looks like this.',
  }),
  'gguf.trailing-data': suspicious('Data follow the tensors of a GGUF file', {
    why: 'No reader of GGUF looks at them, so that they may be there for another one.',
    fix: 'Convert the model again.',
  }),

  'template.internals': dangerous('A chat template reaches out of itself', {
    why: 'Programs that render it without a sandbox run whatever it reaches through internals of Python: CVE-2024-34359, CVE-2026-5760.',
    fix: 'Do not use the file. Take the template from the publisher of the base model.',
  }),
  'template.unusual': suspicious('A chat template does what no chat needs', {
    why: 'Names that are put together while rendering, and objects of web frameworks, are how templates hide what they reach for.',
    fix: 'Compare the template with the one of the publisher of the base model.',
  }),
  'template.unread': unexamined('A chat template cannot be read', {
    why: 'It cannot be parsed, so nothing can be said of what it does when it is rendered.',
    fix: 'Take the template from the publisher of the base model.',
  }),

  'safetensors.header': suspicious('The safetensors header and the file disagree', {
    why: 'Readers differ in what they make of holes, overlaps and names that stand twice, so that one model is checked and another loaded.',
    fix: 'Download or convert the model again; a file that was cut short looks like this.',
  }),

  'skops.dangerous-name': dangerous('A skops file names something that does harm', {
    why: 'skops imports what its nodes name, and versions before 0.12 also call it without asking: CVE-2025-54412, CVE-2025-54413.',
    fix: 'Do not load the file, and do not add the name to the trusted types.',
  }),
  'skops.unknown-name': suspicious('A skops file needs a type that is on no list', {
    why: 'skops loads it only when the caller trusts it by name, and what it does when loaded is not known.',
    fix: 'Review the type; allow its name when the code is yours.',
  }),

  'xml.entity': dangerous('An XML document makes its reader fetch something', {
    why: 'Entities, external definitions and XInclude read files and URLs with the rights of the reader, or fill its memory.',
    fix: 'Export the model again: no writer of PMML needs them.',
  }),

  'yaml.python-object': dangerous('A YAML file makes Python objects', {
    why: 'Tags such as !!python/object/apply import and call what they name, when the file is read by an unsafe loader.',
    fix: 'Do not load the file. Write the configuration with plain values.',
  }),
  'yaml.broken': unexamined('A YAML file cannot be read', {
    why: 'Loaders differ in what they make of it, so nothing can be said of what it holds.',
    fix: 'Write the file again with the program that made it.',
  }),

  'torchscript.files': dangerous('A TorchScript program reads or writes files', {
    why: 'The program of the model runs with the rights of the process.',
    fix: 'Script the model again without the call: read and write files around the model.',
  }),
  'torchscript.library': suspicious('A TorchScript program needs another library', {
    why: 'Operators that PyTorch does not bring run code of a shared library that nothing is known of.',
    fix: 'Script the model again with operators of PyTorch.',
  }),
  'torchscript.unread': unexamined('A TorchScript program is not examined', {
    why: 'It is larger than any program that PyTorch writes for a model.',
    fix: 'Export the model again, or ask where it comes from.',
  }),

  'folder.remote-code': suspicious('A configuration makes the loader run code that comes with the model', {
    why: 'With auto_map, custom_pipelines and loader modules, a program of the folder, or of another repository, runs when the model is loaded.',
    fix: 'Review the code and pin its revision, or use a model whose architecture the library has itself.',
  }),
  'folder.dangerous-name': dangerous('A configuration names something that does harm', {
    why: 'The loader imports and calls what the configuration names: CVE-2025-23304 is an attack of this kind.',
    fix: 'Do not load the model. Ask where it comes from.',
  }),
  'folder.outside-path': dangerous('A configuration names a file outside of the folder', {
    why: 'The loader reads whatever file the path leads to.',
    fix: 'Save the model again; all that it needs belongs into its folder.',
  }),
  'folder.code': note('A model comes with code of its own', {
    why: 'The code runs when the model is loaded. It is as much a part of the model as its weights.',
    fix: 'Review the code as you review your own.',
  }),
  'folder.package-source': suspicious('A model installs packages from elsewhere than an index of packages', {
    why: 'MLflow and programs like it install what the list of a model names before they load it, and installing a package runs its code.',
    fix: 'Name packages with their versions alone, and set the index where the packages are installed.',
  }),
  'folder.package-source-alone': note('A list of packages names another place than an index of packages', {
    why: 'Installing a package runs its code, and what is at the place can change. No model lies beside the list.',
    fix: 'Name packages with their versions alone, or pin what the place holds by a digest.',
  }),
  'folder.pickle-beside': note('The weights of a model lie beside it a second time, in a format that can run code', {
    why: 'Programs that prefer the other file load the pickle, though the safetensors file would do.',
    fix: 'Remove the pickle, so that no program can load it.',
  }),

  'trees.cut': unexamined('Trees are missing from a model', {
    why: 'The file says that it has more than is there. Files that are cut short look like this.',
    fix: 'Copy the file again from where it comes, or save the model again.',
  }),
  'format.program-at-strict': suspicious('A model is a program, where only data is allowed', {
    why: 'Graphs of TensorFlow, TorchScript and classes that a model needs are run, so that weights alone do not say what happens.',
    fix: 'Save the weights as safetensors, or scan at the level `framework`.',
  }),

  'text.code': unexamined('A program in the model is not examined', {
    why: 'Loaders of some archives run programs that lie in them, and what a program does cannot be told without running it.',
    fix: 'Review the program, and keep it in your own repository instead of in the model.',
  }),
} as const satisfies Record<string, Rule>
