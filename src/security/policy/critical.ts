/** Why a name is dangerous, and the names: a module stands for itself and all below it. */
export interface CriticalGroup {
  readonly reason: string
  readonly modules: readonly string[]
  /** Names of modules that are otherwise not dangerous, as `module name`. */
  readonly names?: readonly string[]
}

/**
 * Names that do harm when a loader calls them. The list explains and raises the severity; it is not what protects: a name
 * that no list knows is not allowed either.
 */
export const CRITICAL: readonly CriticalGroup[] = [
  {
    reason: 'runs programs',
    modules: [
      'os', 'posix', 'nt', 'subprocess', '_posixsubprocess', '_winapi', 'popen2', 'pty', 'tty', 'platform', 'multiprocessing', '_multiprocessing',
      'concurrent', 'asyncio', 'pexpect', 'ptyprocess', 'plumbum', 'sh', 'invoke', 'fabric', 'paramiko', 'webbrowser', 'antigravity', 'turtle',
      'turtledemo', 'this', 'pydoc_data', 'sched', '_osx_support', '_aix_support', '_pyrepl', 'nturl2path', 'crypt', 'spwd', 'pipes', 'joblib.externals',
      'loky', 'torch.multiprocessing', 'torch.distributed', 'torch.utils.cpp_extension', 'torch.utils.bottleneck', 'torch.utils.collect_env',
      'torch.utils.data.datapipes', 'torch._inductor', 'torch._dynamo', 'torch.fx', 'torch.jit.unsupported_tensor_ops', 'torch.testing',
      'numpy.testing', 'numpy.f2py', 'numpy.distutils', 'scipy._lib._testutils', 'cupy', 'numba', 'cffi', 'Cython', 'pyximport',
    ],
    names: ['uuid _get_command_stdout', 'uuid _popen', 'uuid _ifconfig_getter', 'imaplib IMAP4_stream', 'shutil _unpack_zipfile', 'ctypes.util find_library', 'site execsitecustomize'],
  }, // prettier-ignore
  {
    reason: 'runs Python code that is given as text or bytes',
    modules: [
      'code', 'codeop', 'runpy', 'timeit', 'cProfile', 'profile', '_lsprof', 'pstats', 'trace', 'pdb', 'bdb', 'cmd', 'doctest', 'unittest', 'test', 'tests', 'idlelib',
      'lib2to3', 'ensurepip', 'venv', 'pip', 'setuptools', 'distutils', 'pkg_resources', 'wheel', 'easy_install', 'IPython', 'ipykernel', 'jedi', 'py_compile',
      'compileall', 'compiler', 'new', 'ast', 'symtable', 'tabnanny', 'dis', 'marshal', 'opcode', '_opcode', 'cloudpickle', 'sympy', 'numexpr', 'asteval',
      'pandas.core.computation', 'pytest', '_pytest', 'py', 'nose', 'hypothesis', 'sphinx', 'jinja2', 'mako', 'django', 'flask', 'torch.utils._config_module',
      'torch.utils.hipify', 'torch.utils.checkpoint', 'torch.package', 'torch.hub', 'torch.onnx', 'torch.jit', 'tensorflow.python.eager.def_function', 'keras.src.utils.python_utils',
      'mlflow.projects', 'smtpd', 'rlcompleter', 'rexec', 'Bastion', 'user', 'ihooks', 'imputil', 'zipapp', 'typer', 'fire', 'click', 'cgitb', 'cgi', 'wsgiref',
    ],
    names: [
      'builtins eval', 'builtins exec', 'builtins execfile', 'builtins compile', 'builtins input', 'builtins breakpoint', 'builtins help',
      'types CodeType', 'types FunctionType', 'types LambdaType', 'types MethodType', 'types GeneratorType', 'types DynamicClassAttribute',
      'builtins code', 'builtins function', 'typing get_type_hints', 'typing _eval_type', 'typing ForwardRef', 'dataclasses make_dataclass', 'dataclasses _create_fn',
      'collections namedtuple', 'enum _make_class_unpicklable', 'pandas eval', 'pandas.core.frame DataFrame.eval', 'pandas.core.frame DataFrame.query', 'logging.config dictConfig',
      'logging.config fileConfig', 'logging.config listen', 'logging.config _resolve', 'logging.config BaseConfigurator', 'logging.config DictConfigurator',
      'scipy.optimize._zeros_py root_scalar', 'numpy.lib._utils_impl _median_nancheck',
    ],
  }, // prettier-ignore
  {
    reason: 'imports modules, or turns a string into a function',
    modules: ['importlib', '_frozen_importlib', '_frozen_importlib_external', '_imp', 'imp', 'pkgutil', 'pydoc', 'zipimport', 'modulefinder', 'zope.dottedname', 'werkzeug.utils', 'site', 'sitecustomize', 'usercustomize'],
    names: [
      'builtins __import__', 'builtins setattr', 'builtins delattr', 'builtins globals', 'builtins locals', 'builtins vars', 'builtins dir', 'builtins __build_class__',
      'builtins classmethod', 'builtins staticmethod', 'builtins property', 'builtins super', 'builtins map', 'builtins filter', 'builtins zip', 'builtins reduce', 'builtins apply', 'builtins memoryview',
      'operator attrgetter', 'operator methodcaller', 'operator call', 'operator setitem', 'operator delitem', 'operator iadd', '_operator attrgetter', '_operator methodcaller', '_operator call', '_operator setitem',
      'functools reduce', 'functools partialmethod', 'functools singledispatch', 'functools cached_property', '_functools reduce', 'functools _lru_cache_wrapper', 'functools wraps', 'functools update_wrapper',
      'itertools starmap', 'itertools accumulate', 'itertools takewhile', 'itertools dropwhile', 'itertools filterfalse', 'itertools groupby',
      'copyreg add_extension', 'copyreg pickle', 'copyreg constructor', 'copyreg dispatch_table', 'copyreg _extension_registry', 'copyreg _inverted_registry', 'copyreg _extension_cache',
      'weakref finalize', 'weakref ref', 'contextlib ExitStack', 'contextlib ContextDecorator', 'collections.abc Callable', 'types DynamicClassAttribute', 'types new_class', 'types ModuleType', 'types coroutine',
      'numpy.core._internal _import_module', 'torch._tensor _rebuild_from_type', 'torch.serialization _import_dotted_name', 'torch._utils_internal get_file_path', 'torch.utils._import_utils dill_available',
      'sklearn.utils._mocking CheckingClassifier', 'pandas.compat.pickle_compat load_reduce',
    ],
  }, // prettier-ignore
  {
    reason: 'loads another pickle or model',
    modules: ['pickle', '_pickle', 'cPickle', 'dill', '_dill', 'shelve', 'jsonpickle', 'yaml', 'ruamel', 'pickletools', 'klepto', 'srsly', 'compress_pickle', 'skops.io', 'fickling', 'picklescan', 'modelscan'],
    names: [
      'joblib load', 'joblib.numpy_pickle load', 'joblib.numpy_pickle _unpickle', 'joblib.numpy_pickle NumpyUnpickler', 'joblib.numpy_pickle_compat load_compatibility', 'joblib.memory Memory', 'sklearn.externals.joblib load',
      'numpy load', 'numpy loads', 'numpy.lib.npyio load', 'numpy.lib._npyio_impl load', 'numpy.lib.format read_array', 'numpy.core.numeric load', 'numpy.core.multiarray fromfile', 'numpy fromfile', 'numpy memmap', 'numpy.core.memmap memmap', 'numpy.lib.format open_memmap', 'numpy genfromtxt', 'numpy loadtxt', 'numpy save', 'numpy savetxt', 'numpy savez',
      'pandas read_pickle', 'pandas.io.pickle read_pickle', 'pandas.compat.pickle_compat loads', 'pandas.compat.pickle_compat load', 'torch load', 'torch.serialization load', 'torch.serialization _load', 'torch.serialization _legacy_load', 'torch save', 'torch.serialization save',
      'torch.storage _load_from_bytes_unsafe', 'xgboost.core Booster.load_model', 'keras.models load_model', 'keras.saving load_model', 'tensorflow.keras.models load_model', 'tensorflow saved_model.load', 'mlflow.pyfunc load_model', 'mlflow.sklearn load_model', 'transformers AutoModel.from_pretrained',
    ],
  }, // prettier-ignore
  {
    reason: 'reads, writes or deletes files',
    modules: ['io', '_io', '_pyio', 'shutil', 'tempfile', 'glob', 'fileinput', 'linecache', 'filecmp', 'posixpath', 'ntpath', 'genericpath', 'tarfile', 'zipfile', 'gzip', 'bz2', 'lzma', 'zlib', 'sqlite3', '_sqlite3', 'dbm', 'mmap', 'configparser', 'csv', 'netrc', 'mailbox', 'plistlib', 'wave', 'sndhdr', 'aifc', 'fcntl', 'readline', 'stat', 'tokenize', 'pyclbr', 'msilib', 'winreg', 'pandas.io', 'scipy.io', 'h5py', 'tables', 'pyarrow', 'torch.utils.tensorboard', 'tensorflow.io', 'tensorflow.python.lib.io', 'fsspec', 's3fs', 'smart_open'],
    names: ['builtins open', 'builtins file', 'codecs open', 'codecs EncodedFile', 'codecs StreamReaderWriter', 'logging FileHandler', 'logging basicConfig', 'logging.handlers RotatingFileHandler', 'logging.handlers TimedRotatingFileHandler', 'logging.handlers WatchedFileHandler', 'pathlib Path.open', 'pathlib Path.write_text', 'pathlib Path.write_bytes', 'pathlib Path.read_text', 'pathlib Path.read_bytes', 'pathlib Path.unlink', 'torch from_file', 'pandas read_csv', 'pandas read_sql', 'pandas read_json', 'pandas read_html', 'pandas read_xml', 'pandas read_excel', 'pandas read_parquet', 'pandas read_table'],
  }, // prettier-ignore
  {
    reason: 'opens network connections',
    modules: ['socket', '_socket', 'ssl', '_ssl', 'select', 'selectors', 'socketserver', 'urllib', 'urllib3', 'http', 'httplib2', 'httpx', 'requests', 'aiohttp', 'websocket', 'websockets', 'ftplib', 'smtplib', 'poplib', 'imaplib', 'nntplib', 'telnetlib', 'xmlrpc', 'twisted', 'tornado', 'boto3', 'botocore', 'huggingface_hub', 'torchvision.datasets', 'sklearn.datasets._base', 'sklearn.datasets._openml', 'scipy.datasets', 'pooch', 'logging.handlers', 'email', 'tkinter', '_tkinter', 'asyncore', 'asynchat'],
    names: ['torch.hub load', 'transformers pipeline', 'sklearn.datasets fetch_openml'],
  }, // prettier-ignore
  {
    reason: 'tampers with the running interpreter',
    modules: ['sys', '_xxsubinterpreters', '_interpreters', 'gc', 'ctypes', '_ctypes', 'inspect', 'atexit', 'signal', '_signal', 'threading', '_thread', '_dummy_thread', 'faulthandler', 'tracemalloc', 'resource', 'traceback', 'warnings', 'sysconfig', 'builtins.__dict__', 'xml.sax', 'optparse', 'argparse', 'getpass', 'getopt', 'locale', 'gettext'],
  }, // prettier-ignore
]
