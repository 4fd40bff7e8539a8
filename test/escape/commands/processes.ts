import { attempts, errors, type HostileCommand, refusedWith, systemCalls } from '../hostile-command.ts';

const { EPERM } = errors;

export const processCommands: readonly HostileCommand[] = [
  {
    subject: 'processes',
    tries: 'reads the environment of the executor by its number on the host',
    command: attempts('cat /proc/@EXECUTOR@/environ', 'tr "\\0" "\\n" < /proc/@EXECUTOR@/task/@EXECUTOR@/environ'),
  },
  {
    subject: 'processes',
    tries: 'looks for secrets in every environment that it can read',
    command: attempts(
      'cat /proc/[0-9]*/environ | tr "\\0" "\\n" | grep -aE "SANDBUS_[LT]|EMULATOR|GOOGLE|EXECUTOR_|CANARY"',
    ),
  },
  {
    subject: 'processes',
    tries: 'reads the arguments of all processes for paths and names of the host',
    command: attempts(
      'cat /proc/[0-9]*/cmdline | tr "\\0" "\\n" | grep -aE "main[.]ts|executor[-]|SANDBUS[_]|--ro[-]bind"',
    ),
  },
  {
    subject: 'processes',
    tries: 'counts the processes that it sees',
    command: 'set -- /proc/[0-9]*; echo $#',
    seen: { stdout: '2\n' },
  },
  {
    subject: 'processes',
    tries: "reads and writes the agent's memory",
    command: attempts(
      'head -c 1 /proc/1/mem',
      ': >> /proc/1/mem',
      'cat /proc/1/maps',
      'cat /proc/1/auxv',
      'cat /proc/1/stack',
    ),
  },
  {
    subject: 'processes',
    tries: "follows the agent's root, directory and program out of the wall",
    command: attempts(
      'ls /proc/1/root/',
      'ls /proc/1/cwd/',
      'cat /proc/1/exe',
      'readlink /proc/1/root',
      'ls /proc/1/map_files',
    ),
  },
  {
    subject: 'processes',
    tries: 'reads the program of the agent, to run it again with its descriptors',
    command: attempts(
      'cat /run/sandbus/agent-shell',
      'cp /run/sandbus/agent-shell /tmp/x',
      'ls /run/sandbus/../../proc/1/fd/',
    ),
  },
  {
    subject: 'processes',
    tries: 'changes how the kernel treats the agent',
    command: attempts(
      ...[
        'oom_score_adj',
        'oom_adj',
        'coredump_filter',
        'clear_refs',
        'comm',
        'autogroup',
        'timerslack_ns',
        'sched',
      ].map((file) => `echo 1 > /proc/1/${file}`),
    ),
  },
  {
    subject: 'processes',
    tries: 'makes itself the last that the kernel kills when memory runs out',
    command: attempts('echo -1000 > /proc/self/oom_score_adj', 'echo -1 > /proc/self/oom_score_adj'),
  },
  {
    subject: 'processes',
    tries: 'traces the agent, its parent and itself',
    command: systemCalls(['ptrace', 16, 1, 0, 0], ['ptrace', 0x4206, 1, 0, 0], ['ptrace', 0, 0, 0, 0]),
    seen: { stdout: refusedWith(EPERM, 3) },
    needs: ['perl'],
  },
  {
    subject: 'processes',
    tries: 'attaches a debugger to the agent, and to a child of its own',
    command: attempts(
      'gdb -batch -p 1 2>&1 | grep -q "^0x"',
      'gdb -batch -ex run -ex "info registers" /bin/true | grep -q rip',
    ),
    needs: ['gdb'],
  },
  {
    subject: 'processes',
    tries: 'traces system calls',
    command: attempts('strace -p 1 -o /tmp/trace', 'strace -f -o /tmp/trace true'),
    needs: ['strace'],
  },
  {
    subject: 'processes',
    tries: "reads another process's memory by system call",
    command: systemCalls(
      ['process_vm_readv', 1, 0, 0, 0, 0, 0],
      ['process_vm_writev', 1, 0, 0, 0, 0, 0],
      ['process_madvise', 1, 0, 0, 0, 0],
      ['pidfd_getfd', 1, 7, 0],
      ['kcmp', 1, 1, 0, 0, 0],
    ),
    seen: { stdout: refusedWith(EPERM, 5) },
    needs: ['perl'],
  },
  {
    subject: 'processes',
    tries: 'finds what other sessions of its user left in shared memory, queues and semaphores',
    command: 'ipcs -mqs | grep -cE "^0x"; ls -A /dev/shm; echo closed',
    seen: { stdout: '0\nclosed\n' },
  },
];

export const signalCommands: readonly HostileCommand[] = [
  {
    subject: 'signals',
    tries: 'kills, stops and interrupts the agent',
    command:
      'for signal in KILL STOP TERM INT HUP QUIT SEGV USR1 CHLD PIPE; do kill -$signal 1 2>/dev/null; done; echo on',
    seen: { stdout: 'on\n' },
  },
  {
    subject: 'signals',
    tries: 'kills everything that it can reach, itself included',
    command: 'echo before; kill -KILL -1; kill -KILL $$',
    seen: { stdout: 'before\n', ends: ['signaled'], stateCaptured: false },
  },
  {
    subject: 'signals',
    tries: 'finds the executor by its number on the host',
    command: attempts('kill -0 @EXECUTOR@', 'kill -KILL @EXECUTOR@', 'kill -KILL -@EXECUTOR@', 'ls /proc/@EXECUTOR@'),
  },
  {
    subject: 'signals',
    tries: 'writes words of the agent into descriptors and pipes that might be its own',
    command: attempts(
      'echo cleared >&7',
      'echo run >&8',
      'echo cleared > /proc/1/fd/8',
      'echo go > /proc/1/fd/7',
      'echo "ended 0" > /proc/$PPID/fd/8',
      'for n in {3..9}; do echo cleared >&$n && exit 0; done; exit 1',
    ),
  },
  {
    subject: 'signals',
    tries: "says the agent's words on its output, with another exit code",
    command: 'printf "started\\nended 0\\ncleared\\n"; exit 7',
    seen: { stdout: 'started\nended 0\ncleared\n', exitCode: 7 },
  },
  {
    subject: 'signals',
    tries: 'leaves a state that says that it succeeded',
    command: 'printf "v1\\0rc=0\\0cwd=/etc\\0" > /run/sandbus/out/state; builtin trap - EXIT; exit 9',
    seen: { stdout: '', exitCode: 9, stateCaptured: false },
  },
  {
    subject: 'signals',
    tries: 'lowers the limits and the priority of the agent for the commands after it',
    command: 'prlimit --pid 1 --nofile=8 --nproc=1; renice 19 -p 1; chrt -i -p 0 1; taskset -p 1 1; echo tried',
    seen: { stdout: /tried\n$/ },
  },
  {
    subject: 'signals',
    tries: 'stops itself for ever',
    command: 'echo stopping; kill -STOP $$; echo on',
    seen: { stdout: 'stopping\n', ends: ['timed-out'] },
    limits: { timeoutMs: 1_500 },
  },
  {
    subject: 'signals',
    tries: 'outlives its time with processes that ignore SIGTERM, have sessions of their own, or are stopped',
    command: `trap '' TERM INT HUP
      for n in 1 2 3; do setsid bash -c 'trap "" TERM; while :; do read -t 9 < <(sleep 8761); done' & done
      (setsid sleep 8762 & sleep 8763 & kill -STOP $!) & disown -a
      echo waiting; while :; do sleep 8764; done`,
    seen: { stdout: 'waiting\n', ends: ['timed-out'] },
    limits: { timeoutMs: 1_500 },
  },
  {
    subject: 'signals',
    tries: 'leaves daemons behind when it ends',
    command: 'for n in 1 2 3; do (setsid nohup sleep 8765 >/dev/null 2>&1 &); done; echo left',
    seen: { stdout: 'left\n' },
  },
  {
    subject: 'signals',
    tries: 'finds a daemon that the command before it left',
    command: attempts('pgrep -f "sleep.876[0-9]"', 'cat /proc/[0-9]*/cmdline | grep -a 876[0-9]'),
    needs: ['pgrep'],
  },
  {
    subject: 'signals',
    tries: 'leaves hundreds of children that nobody reaps',
    command: `perl -e 'for (1..200) { fork or exit } print "forked\\n"; exec "sleep", "0.1"'; echo reaped`,
    seen: { stdout: 'forked\nreaped\n' },
    needs: ['perl'],
  },
];
