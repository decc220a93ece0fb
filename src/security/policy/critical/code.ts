import { criticalGroup } from '../critical-group.ts'

export const code = criticalGroup({
  reason: 'runs Python code that it is given',
  standard: `
    code codeop runpy timeit cProfile profile hotshot pstats trace pdb bdb cmd doctest unittest test idlelib lib2to3 ensurepip
    venv distutils py_compile compileall compiler new ast _ast dis _opcode opcode _opcode_metadata marshal rlcompleter readline cgitb cgi zipapp
    turtledemo turtle symtable _symtable pyclbr tabnanny _lsprof user bastion rexec ihooks __main__ __phello__ annotationlib _colorize
    _testcapi _testinternalcapi _testbuffer _testimportmultiple _testmultiphase _xxtestfuzz _ctypes_test xxlimited xxsubtype pydoc_data
  `,
  packages: `
    pip setuptools pkg_resources wheel conda poetry flit hatchling virtualenv cloudpickle IPython ipykernel
    ipywidgets jupyter jupyter_client jupyter_core notebook nbconvert nbformat nbclient papermill pytest _pytest nose nose2 hypothesis
    coverage tox nox sympy numexpr asteval simpleeval RestrictedPython pyjs js2py jinja2 mako genshi chameleon
    tornado django flask bottle web streamlit gradio hydra omegaconf fire absl.app cog black libcst
    pandas.core.computation pandas._testing pandas.testing pandas.util._test_decorators pandas.tests pandas.core.apply
    numpy._pytesttester numpy.ma.testutils numpy.tests scipy.conftest sklearn.conftest sklearn.utils.estimator_checks
    torch.fx torch.hub torch.jit torch._jit_internal torch._sources torch._ops torch._classes torch.ops torch.classes torch.onnx torch.package
    torch.testing torch.utils._config_module torch.utils.checkpoint torch.utils.mobile_optimizer torch.utils.show_pickle torch.utils.model_dump
    torch._lazy torch._export torch.export torch._functorch torch._higher_order_ops torch._library torch.library
    torch.overrides torch.utils._triton torch.utils.tensorboard torch._C
    tensorflow.python.autograph tensorflow.python.ops.script_ops tensorflow.python.util.tf_inspect keras.src.utils.python_utils keras.utils.generic_utils
     keras.src.layers.core.lambda_layer tf_keras.src.utils.generic_utils
    transformers.dynamic_module_utils transformers.testing_utils datasets evaluate diffusers.utils.dynamic_modules_utils
    mlflow statsmodels.tools._testing patsy.eval formulaic.utils.stateful_transforms gensim.test skops.io._general
  `,
  names: `
    builtins: eval exec execfile compile input raw_input breakpoint help copyright credits license exit quit reload
    types: CodeType FunctionType LambdaType MethodType GeneratorType CoroutineType BuiltinFunctionType coroutine DynamicClassAttribute
    _sitebuiltins: Quitter _Printer _Helper
    collections: namedtuple
    enum: EnumMeta EnumType _make_class_unpicklable _EnumDict Enum._convert_ Enum._create_ IntEnum._convert_
    dataclasses: make_dataclass _create_fn _process_class dataclass
    typing: get_type_hints ForwardRef _eval_type NamedTuple TypedDict NewType
    string: Formatter Template
    gettext: c2py
    pandas: eval
    pandas.core.frame: DataFrame.eval DataFrame.query DataFrame.pipe DataFrame.apply DataFrame.agg DataFrame.map DataFrame.applymap
    pandas.core.series: Series.apply Series.map Series.pipe
    pandas.core.common: apply_if_callable pipe
    logging.config: dictConfig fileConfig listen BaseConfigurator DictConfigurator ConvertingDict
    optparse: Option Values.read_file Values.read_module Values.ensure_value
    numpy: apply_along_axis apply_over_axes fromfunction frompyfunc piecewise lookfor source test info
    numpy.lib.function_base: vectorize.__call__
    scipy: test
    sklearn.preprocessing._function_transformer: FunctionTransformer.transform
    torch: compile vmap
    torch.nn.modules.module: Module.__call__ Module.apply Module.__setattr__ Module.load_state_dict
    decorator: FunctionMaker decorator
    six: exec_ reraise add_metaclass
  `,
})
