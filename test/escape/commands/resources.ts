import { attempts, type HostileCommand } from '../hostile-command.ts';

export const resourceCommands: readonly HostileCommand[] = [
  {
    subject: 'resources',
    tries: 'forks without end',
    command: 'bomb() { bomb | bomb & }; bomb 2>/dev/null; sleep 0.5; echo over',
    seen: { stdout: /^(over\n)?$/, ends: ['exited', 'timed-out', 'output-limit'] },
    limits: { pids: 40, timeoutMs: 3_000 },
  },
  {
    subject: 'resources',
    tries: 'makes threads without end',
    command: `python3 -c '
import threading, time
n = 0
try:
    while n < 5000:
        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
        n += 1
except RuntimeError:
    pass
print("closed" if n < 60 else n)'`,
    needs: ['/usr/bin/python3'],
    limits: { pids: 50, timeoutMs: 10_000 },
  },
  {
    subject: 'resources',
    tries: 'computes for ever',
    command: 'while :; do :; done',
    seen: { stdout: '', ends: ['timed-out'] },
    limits: { timeoutMs: 1_000 },
  },
  {
    subject: 'resources',
    tries: 'takes more memory than it was given',
    command: `perl -e '$x = "x" x (160 * 1024 * 1024); print "had it\\n"'`,
    // Who may make no groups has no memory limit, and the result says so.
    seen: { stdout: /^(had it\n)?$/, ends: ['out-of-memory', 'exited'], exitCode: 0 },
    needs: ['perl'],
    limits: { memoryMb: 64, timeoutMs: 10_000 },
  },
  {
    subject: 'resources',
    tries: 'takes more memory than it was given in files that are nothing but memory',
    command: `python3 -c 'import os, time
files = [os.memfd_create("x") for n in range(8)]
for n in range(400): os.write(files[n % 8], b"x" * 2**20)
time.sleep(20)'`,
    seen: { stdout: '', ends: ['out-of-memory'] },
    needs: ['/usr/bin/python3'],
    limits: { memoryMb: 64 },
  },
  {
    subject: 'resources',
    tries: 'uses up what its user may have of watches on files, for itself and for others',
    command: `python3 -c '
import ctypes
libc, n = ctypes.CDLL(None), 0
while libc.inotify_init() >= 0: n += 1
print("used" if n > 0 else "none")'`,
    seen: { stdout: 'used\n' },
    needs: ['/usr/bin/python3'],
  },
  {
    subject: 'resources',
    tries: 'fills /tmp beyond its size',
    command:
      'head -c 400M /dev/zero > /tmp/fill || echo full; rm -f /tmp/fill; for n in 1 2 3 4 5; do head -c 60M /dev/zero > /tmp/f$n || echo full; done; rm /tmp/f*',
    seen: { stdout: /full\n/ },
    limits: { workspaceMb: 128, timeoutMs: 20_000 },
  },
  {
    subject: 'resources',
    tries: 'fills shared memory and the root',
    command: attempts(
      'head -c 100M /dev/zero > /dev/shm/fill',
      'head -c 1 /dev/zero > /fill',
      'head -c 1 /dev/zero > /run/fill',
      'head -c 1 /dev/zero > /dev/fill',
    ).concat('; rm -f /dev/shm/fill'),
  },
  {
    subject: 'resources',
    tries: 'writes a file that is larger than a file may be',
    command: 'head -c 40M /dev/zero > big; echo $?; stat -c %s big; rm big',
    seen: { stdout: /^(153|1)\n16777216\n$/ },
    limits: { fileMb: 16, timeoutMs: 20_000 },
  },
  {
    subject: 'resources',
    tries: 'makes a sparse file of a terabyte',
    command: attempts(
      'truncate -s 1T sparse',
      'dd if=/dev/zero of=sparse bs=1 count=1 seek=1T',
      'fallocate -l 1T sparse',
    ).concat('; rm -f sparse'),
    limits: { workspaceMb: 64 },
  },
  {
    subject: 'resources',
    tries: 'makes sparse files that together are larger than its workspace may be',
    command: 'for n in {1..40}; do truncate -s 60M sparse$n; done; echo made',
    seen: { stdout: /^(made\n)?$/, warning: /workspace/ },
    limits: { workspaceMb: 64 },
  },
  {
    subject: 'resources',
    tries: 'makes files by the thousand',
    command: 'rm -f sparse*; mkdir many; cd many; for n in {1..3000}; do : > $n; done; ls | wc -l; cd ..; rm -r many',
    seen: { stdout: '3000\n' },
  },
  {
    subject: 'resources',
    tries: 'fills its workspace with many files that are large together',
    command: 'for n in {1..40}; do head -c 8M /dev/zero > full$n; done; sleep 30; echo filled',
    seen: { stdout: '', ends: ['signaled'] },
    limits: { workspaceMb: 64, fileMb: 16, timeoutMs: 20_000 },
  },
  {
    subject: 'resources',
    tries: 'fills its workspace with empty files',
    command: 'for n in {1..2000}; do : > empty$n; done; sleep 30; echo filled',
    seen: { stdout: '', ends: ['signaled'] },
    limits: { workspaceFiles: 500, timeoutMs: 20_000 },
  },
  {
    subject: 'resources',
    tries: 'opens more files than it may',
    command: `perl -e 'for (1..100000) { open $f[$_], "<", "/dev/null" or do { print $_ < 5000 ? "closed\\n" : $_; exit } }'`,
    needs: ['perl'],
  },
  {
    subject: 'resources',
    tries: 'raises its own limits',
    command: attempts(
      'ulimit -n 1000000',
      'ulimit -u 100000',
      'ulimit -f unlimited',
      'ulimit -c unlimited',
      'prlimit --nofile=1000000:1000000 true',
      'nice -n -5 true 2>&1 | grep -v cannot',
      'chrt -f 50 true',
    ),
  },
  {
    subject: 'resources',
    tries: 'starts a program with more arguments than the kernel takes',
    command: `long=$(head -c 200000 /dev/zero | tr '\\0' x); /bin/true $long 2>/dev/null; echo $?; X=$long /bin/true 2>/dev/null; echo $?`,
    seen: { stdout: '126\n126\n' },
  },
  {
    subject: 'resources',
    tries: 'calls itself without end',
    command: 'bash -c "f() { f; }; f" 2>/dev/null; [ $? -gt 1 ] && echo closed',
    limits: { memoryMb: 256, timeoutMs: 20_000 },
    seen: { stdout: /^(closed\n)?$/, ends: ['exited', 'out-of-memory', 'timed-out'] },
  },
  {
    subject: 'resources',
    tries: 'leaves shared memory of System V that outlives processes',
    command: 'ipcmk -M 1000000 >/dev/null && ipcmk -Q >/dev/null && ipcmk -S 4 >/dev/null && ipcs -mqs | grep -c "^0x"',
    seen: { stdout: '3\n' },
    needs: ['ipcmk'],
  },
  {
    subject: 'resources',
    tries: 'finds what the command before it left there',
    command: 'ipcs -mqs | grep -c "^0x"; echo closed',
    seen: { stdout: '0\nclosed\n' },
    needs: ['ipcs'],
  },
];
