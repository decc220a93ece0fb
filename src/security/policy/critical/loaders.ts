import { criticalGroup } from '../critical-group.ts'

export const loaders = criticalGroup({
  reason: 'loads another pickle or model',
  standard: 'pickle _pickle cPickle shelve pickletools',
  packages: `
    dill jsonpickle yaml _yaml ruamel skops.io hickle klepto pickle5 pickleshare joblib.hashing joblib.disk srsly msgpack_numpy tblib
    pandas.compat.pickle_compat bentoml mleap sklearn2pmml pypmml onnxmltools h2o
    keras.src.models keras.src.legacy.saving keras.src.export keras.models keras.src.saving keras.saving.legacy tensorflow.python.saved_model tensorflow.saved_model
    tensorflow.python.keras.saving tensorflow.keras.models tf_keras.src.saving tensorflow_hub timm.models.hub timm.models._hub
  `,
  names: `
    joblib: load dump Memory Parallel delayed hash wrap_non_picklable_objects register_compressor register_parallel_backend
    joblib.numpy_pickle: load dump load_temporary_memmap _unpickle NumpyUnpickler NumpyPickler
    joblib.numpy_pickle_compat: load_compatibility NDArrayWrapper ZNDArrayWrapper ZipNumpyUnpickler read_zfile write_zfile hex_str asbytes
    joblib.memory: Memory MemorizedFunc MemorizedResult NotMemorizedFunc _load_item
    numpy: load fromfile memmap loadtxt genfromtxt recfromcsv recfromtxt save savetxt savez savez_compressed fromregex DataSource
        ndfromtxt mafromtxt tofile open_memmap
    numpy.core.multiarray: fromfile
    numpy._core.multiarray: fromfile
    numpy.lib.npyio: load NpzFile DataSource fromregex genfromtxt loadtxt save savetxt savez savez_compressed zipfile_factory BagObj
    numpy.lib._npyio_impl: load NpzFile DataSource fromregex genfromtxt loadtxt save savetxt savez savez_compressed zipfile_factory BagObj
    numpy.lib.format: read_array write_array open_memmap
    numpy.lib._datasource: DataSource Repository open
    numpy.core.memmap: memmap
    numpy._core.memmap: memmap
    numpy.ndarray: dump dumps tofile
    pandas: read_pickle
    pandas.io.pickle: read_pickle to_pickle
    pandas.core.frame: DataFrame.to_pickle
    torch: load save from_file jit hub
    torch.storage: UntypedStorage.from_file TypedStorage.from_file
    torch.serialization: load save _load _legacy_load _save _open_file mkdtemp add_safe_globals clear_safe_globals register_package
        set_default_load_endianness StorageType
    torch.nn.utils: parametrize
    keras.models: load_model
    keras.saving: load_model
    mlflow.pyfunc: load_model
    mlflow.sklearn: load_model
    xgboost.core: DMatrix QuantileDMatrix DeviceQuantileDMatrix Booster.load_model Booster.save_model DataIter _deprecate_positional_args
    xgboost.sklearn: XGBModel.load_model XGBModel.save_model
    lightgbm.basic: Dataset Sequence Booster.save_model _log_warning register_logger
    lightgbm: register_logger
    catboost.core: Pool CatBoost.load_model CatBoost.save_model _CatBoostBase CatboostIPythonWidget
    catboost: Pool
    catboost.utils: create_cd read_cd
    xgboost: DMatrix
    lightgbm: Dataset
    gensim.utils: SaveLoad.load unpickle pickle
    spacy: load
    statsmodels.iolib.smpickle: load_pickle save_pickle RemoveDataPickler
    sentence_transformers: SentenceTransformer
    transformers: pipeline AutoModel AutoTokenizer
  `,
})

export const scanners = criticalGroup({
  reason: 'switches off what protects against pickles',
  packages: 'fickling picklescan modelscan modelaudit saferpickle aisbom',
  names: 'torch.serialization: skip_data set_crc32_options safe_globals',
})
