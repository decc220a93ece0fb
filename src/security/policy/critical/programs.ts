import { criticalGroup } from '../critical-group.ts'

export const programs = criticalGroup({
  reason: 'runs programs',
  standard: `
    os posix nt ce os2 riscos java subprocess _posixsubprocess _winapi popen2 commands pty platform pipes multiprocessing
    _multiprocessing _posixshmem concurrent asyncio _asyncio _overlapped sched webbrowser antigravity this _osx_support
    _aix_support _bootsubprocess _pyrepl mailcap msvcrt _android_support _apple_support _ios_support
  `,
  packages: `
    pexpect ptyprocess winpty pywinpty sh plumbum invoke fabric fabric2 paramiko asyncssh delegator envoy psutil
    loky joblib.externals joblib.parallel joblib._parallel_backends joblib._multiprocessing_helpers joblib.pool joblib.executor
    gevent eventlet twisted trio anyio curio dask distributed ray celery luigi airflow prefect dramatiq rq pyspark py4j
    docker kubernetes ansible salt execnet rpyc Pyro4 Pyro5 zmq pwn pwnlib scapy impacket win32api win32process win32com
    pythoncom git dulwich gunicorn uvicorn supervisor cffi pyximport Cython numba llvmlite pythran
    theano aesara pytensor tvm cppyy pybind11 cppimport keras_tuner optuna.cli wandb comet_ml neptune
    numpy.f2py numpy.distutils numpy.testing numpy.compat scipy.weave scipy._build_utils scipy._lib._testutils
    sklearn.utils._testing sklearn._build_utils sklearn.utils._show_versions sklearn.utils.parallel
    pandas.util._print_versions pandas.util._tester
    torch.multiprocessing torch.distributed torch.utils.bottleneck torch.utils.collect_env torch.utils.cpp_extension
    torch.utils._cpp_extension_versioner torch.utils.cpp_backtrace torch.utils.hipify torch.utils.benchmark
    torch._inductor torch._dynamo torch._appdir torch.backends._nnapi torch.profiler torch.autograd.profiler
    torch.cuda._memory_viz torch.cuda.memory triton deepspeed horovod accelerate.commands accelerate.launchers accelerate.utils.launch bitsandbytes.cuda_setup
    tensorflow.python.platform tensorflow.python.debug tensorflow.tools lightning.pytorch.cli pytorch_lightning.cli
    transformers.utils.import_utils transformers.commands transformers.integrations ultralytics onnxruntime.tools tensorboard
    xgboost.dask xgboost.spark xgboost.tracker xgboost.collective xgboost.rabit lightgbm.dask catboost.widget mlflow.projects mlflow.cli mlflow.utils.process
  `,
  names: `
    shutil: _run
    uuid: _get_command_stdout _popen os _find_mac_near_keyword _find_mac_under_heading _ifconfig_getter _ip_getter _arp_getter
        _lanscan_getter _netstat_getter _ipconfig_getter _load_system_functions
    _uuid: generate_time_safe
    getpass: getpass unix_getpass win_getpass
    locale: _popen
    ctypes.util: find_library
    curses: wrapper
  `,
})
