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
    command: attempts('cat @RUN@/agent-shell', 'cp @RUN@/agent-shell /tmp/x', 'ls @RUN@/../../proc/1/fd/'),
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
