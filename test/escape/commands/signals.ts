import { attempts, type HostileCommand } from '../hostile-command.ts';

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
    command: 'printf "v1\\0rc=0\\0cwd=/etc\\0" > @OUT@/state; builtin trap - EXIT; exit 9',
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
    limits: { timeoutMs: 4_000 },
  },
  {
    subject: 'signals',
    tries: 'outlives its time with processes that ignore SIGTERM, have sessions of their own, or are stopped',
    command: `trap '' TERM INT HUP
      for n in 1 2 3; do setsid bash -c 'trap "" TERM; while :; do read -t 9 < <(sleep 8761); done' & done
      (setsid sleep 8762 & sleep 8763 & kill -STOP $!) & disown -a
      echo waiting; while :; do sleep 8764; done`,
    seen: { stdout: 'waiting\n', ends: ['timed-out'] },
    limits: { timeoutMs: 4_000 },
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
