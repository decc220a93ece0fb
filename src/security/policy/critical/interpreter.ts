import { criticalGroup } from '../critical-group.ts'

export const interpreter = criticalGroup({
  reason: 'tampers with the running interpreter',
  standard: `
    sys gc ctypes _ctypes inspect atexit signal _signal threading _thread thread dummy_threading _dummy_thread dummy_thread _threading_local mutex
    faulthandler tracemalloc _tracemalloc resource traceback warnings _warnings sysconfig _sysconfig _xxsubinterpreters _xxinterpchannels _interpreters _suggestions _sysconfigdata
    _sysconfigdata__linux_x86_64-linux-gnu termios tty _sysconfigdata_m_linux_x86_64-linux-gnu _remote_debugging
  `,
  packages: 'objgraph guppy pympler pydevd debugpy forbiddenfruit comtypes torch._C._jit',
  names: `
    time: sleep
    errno: errorcode
    random: SystemRandom
    secrets: SystemRandom
  `,
})
