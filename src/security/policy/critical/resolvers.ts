import { criticalGroup } from '../critical-group.ts'

export const resolvers = criticalGroup({
  reason: 'imports modules, turns a text into a function, or calls a function that it is given',
  standard: `
    importlib _frozen_importlib _frozen_importlib_external _imp imp imputil pkgutil pydoc zipimport modulefinder site sitecustomize usercustomize knee
    _interpqueues _interpchannels
  `,
  packages: `
    zope twisted.python.reflect werkzeug.utils django.utils.module_loading celery.utils.imports stevedore pluggy lazy_loader apipkg
    importlib_metadata importlib_resources numpy._import_tools numpy.ma.mrecords pandas.util._decorators sklearn.utils._joblib joblib.func_inspect
    torch._lazy_call torch.utils._import_utils transformers.file_utils keras.src.saving keras.saving tensorflow.python.util.lazy_loader
    tensorflow.python.tools.module_util wrapt
  `,
  names: `
    builtins: __import__ __build_class__ __loader__ setattr delattr globals locals vars classmethod staticmethod property map filter
        apply reduce
    operator: attrgetter methodcaller call setitem delitem iadd iconcat
    functools: reduce partialmethod singledispatch singledispatchmethod cached_property lru_cache cache cmp_to_key wraps update_wrapper
    itertools: starmap accumulate takewhile dropwhile filterfalse groupby imap ifilter
    copyreg: add_extension remove_extension clear_extension_cache pickle constructor dispatch_table _extension_registry _inverted_registry
        _extension_cache _reduce_ex __newobj_ex__
    types: ModuleType new_class resolve_bases prepare_class
    weakref: finalize WeakMethod
    contextlib: ExitStack AsyncExitStack contextmanager closing redirect_stdout redirect_stderr chdir _GeneratorContextManager
    contextvars: Context.run copy_context
    abc: ABCMeta abstractmethod
    heapq: merge nlargest nsmallest
    bisect: bisect insort bisect_left bisect_right
    codecs: register register_error lookup getreader getwriter iterdecode iterencode decode encode
    re: sub subn Scanner template
    queue: Queue
    argparse: ArgumentParser FileType Action
    json: load loads JSONDecoder JSONEncoder
    copy: copy deepcopy _reconstruct
    decimal: setcontext localcontext
    torch._utils: _import_dotted_name _get_async_or_non_blocking _rebuild_xla_tensor ExceptionWrapper classproperty
    torch._tensor: _rebuild_from_type
    pandas.compat.pickle_compat: load_reduce load_newobj load_newobj_ex Unpickler
    scipy._lib._ccallback: LowLevelCallable
    scipy._lib._array_api: xp_capabilities
    numpy.core._internal: _ctypes recursive _makenames_list array_function_errmsg_formatter
    numpy.core.overrides: array_function_dispatch array_function_from_dispatcher set_module
    numpy.core.function_base: add_newdoc
    numpy: add_newdoc set_string_function set_printoptions seterrcall setbufsize deprecate
    dateutil.rrule: rrulestr
  `,
})
