import { attempts, errors, type HostileCommand, refusedWith, systemCalls } from '../hostile-command.ts';

const { EPERM, ENOSYS } = errors;

export const kernelCommands: readonly HostileCommand[] = [
  {
    subject: 'kernel',
    tries: 'has the kernel start a program of its choice on a crash, a module, an event',
    command: attempts(
      ': >> /proc/sys/kernel/core_pattern',
      'echo "|/tmp/x" > /proc/sys/kernel/core_pattern',
      ': >> /proc/sys/kernel/modprobe',
      ': >> /proc/sys/kernel/hotplug',
      ': >> /proc/sys/fs/binfmt_misc/register',
      ': >> /sys/kernel/uevent_helper',
    ),
  },
  {
    subject: 'kernel',
    tries: 'looks for any setting of the kernel that it may write',
    command: 'find /proc/sys -type f -writable 2>/dev/null; echo closed',
  },
  {
    subject: 'kernel',
    tries: 'looks for any file of /proc outside its own processes that it may write',
    command:
      'find /proc -maxdepth 2 -not -path "/proc/[0-9]*" -not -path "/proc/*self/*" -type f -writable -exec test -f {} \\; -print 2>/dev/null; echo closed',
  },
  {
    subject: 'kernel',
    tries: 'restarts or crashes the machine',
    command: attempts(
      'echo b > /proc/sysrq-trigger',
      'echo c > /proc/sysrq-trigger',
      'reboot -f',
      'shutdown now',
      'echo disk > /sys/power/state',
    ),
  },
  {
    subject: 'kernel',
    tries: 'drops caches and writes to the settings of memory',
    command: attempts(
      'echo 3 > /proc/sys/vm/drop_caches',
      'echo 1 > /proc/sys/vm/overcommit_memory',
      'echo 1 > /proc/sys/vm/panic_on_oom',
    ),
  },
  {
    subject: 'kernel',
    tries: "reads the kernel's memory and log",
    command: attempts(
      'head -c 1 /proc/kcore',
      'head -c 1 /dev/mem',
      'head -c 1 /dev/kmem',
      'head -c 1 /proc/kmsg',
      'head -c 1 /dev/kmsg',
      'dmesg | grep -q .',
    ),
  },
  {
    subject: 'kernel',
    tries: 'finds /sys and control groups',
    command: attempts(
      'ls -A /sys | grep .',
      'mkdir /sys/fs/cgroup/x',
      'ls /sys/fs/cgroup',
      'echo $$ > /sys/fs/cgroup/cgroup.procs',
    ),
  },
  {
    subject: 'kernel',
    tries: 'stores and reads keys that are not of its namespace',
    command: systemCalls(
      ['add_key', 'user', 'name', 'value', 5, -4],
      ['request_key', 'user', 'name', 0, -4],
      ['keyctl', 0, -4, 1],
    ),
    seen: { stdout: refusedWith(EPERM, 3) },
    needs: ['perl'],
  },
  {
    subject: 'kernel',
    tries: 'loads programs into the kernel and profiles it',
    command: systemCalls(
      ['bpf', 0, 0, 0],
      ['perf_event_open', 0, 0, -1, -1, 0],
      ['userfaultfd', 0],
      ['fanotify_init', 0, 0],
    ),
    seen: { stdout: refusedWith(EPERM, 4) },
    needs: ['perl'],
  },
  {
    subject: 'kernel',
    tries: 'opens an io_uring, which no filter can look into',
    command: systemCalls(
      ['io_uring_setup', 1, 0],
      ['io_uring_enter', 0, 0, 0, 0, 0, 0],
      ['io_uring_register', 0, 0, 0, 0],
    ),
    seen: { stdout: refusedWith(ENOSYS, 3) },
    needs: ['perl'],
  },
  {
    subject: 'kernel',
    tries: 'leaves a queue of messages that has no file and outlives processes',
    command: systemCalls(['mq_open', 'name', 0o102, 0o600, 0]),
    seen: { stdout: refusedWith(ENOSYS, 1) },
    needs: ['perl'],
  },
  {
    subject: 'kernel',
    tries: 'makes such a queue as a file where queues are mounted, or mounts them',
    command: attempts('touch /dev/mqueue/x', 'mount -t mqueue x /tmp', 'ls -A /dev/mqueue | grep .'),
  },
  {
    subject: 'kernel',
    tries: 'loads modules and another kernel',
    command: systemCalls(
      ['init_module', 0, 0, ''],
      ['finit_module', 0, '', 0],
      ['delete_module', 'loop', 0],
      ['kexec_load', 0, 0, 0, 0],
      ['kexec_file_load', 0, 0, 0, 0, 0],
    ),
    seen: { stdout: refusedWith(EPERM, 5) },
    needs: ['perl'],
  },
  {
    subject: 'kernel',
    tries: 'sets the clock, the name and the accounting of the machine',
    command: `${systemCalls(
      ['settimeofday', 0, 0],
      ['clock_settime', 0, 0],
      ['sethostname', 'other', 5],
      ['setdomainname', 'other', 5],
      ['acct', '/tmp/acct'],
      ['swapon', '/tmp/swap', 0],
      ['quotactl', 0, 0, 0, 0],
      ['reboot', 0, 0, 0, 0],
      ['syslog', 3, 0, 0],
    )}; hostname`,
    seen: { stdout: `${refusedWith(EPERM, 9)}sandbox\n` },
    needs: ['perl'],
  },
  {
    subject: 'kernel',
    tries: 'has programs run with addresses that are not random and memory that is all executable',
    command: systemCalls(['personality', 0x40_0000], ['personality', 0x10_0000], ['personality', 0x44_0000]),
    seen: { stdout: refusedWith(EPERM, 3) },
    needs: ['perl'],
  },
  {
    subject: 'kernel',
    tries: 'moves memory between nodes of the machine',
    command: systemCalls(['move_pages', 0, 0, 0, 0, 0, 0], ['migrate_pages', 0, 0, 0, 0]),
    seen: { stdout: refusedWith(EPERM, 2) },
    needs: ['perl'],
  },
  {
    subject: 'kernel',
    architecture: 'x64',
    tries: 'reaches for ports and segments of the processor',
    command: systemCalls(['iopl', 3], ['ioperm', 0, 8, 1], ['modify_ldt', 0, 0, 0], ['uselib', '/lib/x']),
    seen: { stdout: refusedWith(EPERM, 4) },
    needs: ['perl'],
  },
  {
    subject: 'kernel',
    architecture: 'x64',
    tries: 'makes calls by the numbers of x32',
    command: `perl -e 'print syscall(0x40000000 + 39) == -1 ? $! + 0 : "worked", "\\n"'`,
    seen: { stdout: `${ENOSYS}\n` },
    needs: ['perl'],
  },
  {
    subject: 'kernel',
    architecture: 'x64',
    tries: 'makes calls by the numbers of 32-bit programs',
    // A program of 64 bits, as small as one can be: it asks for its number by the interrupt of 32-bit programs, and exits.
    command: `perl -e '$code = pack "H*", "b814000000cd80bf03000000b83c0000000f05";
        $start = 0x400000; $size = 120 + length $code;
        print pack("a4 C3 x9 S2 L Q3 L S6", "\\x7fELF", 2, 1, 1, 2, 62, 1, $start + 120, 64, 0, 0, 64, 56, 1, 0, 0, 0),
          pack("L2 Q6", 1, 5, 0, $start, $start, $size, $size, 4096), $code' > /tmp/t
      chmod +x /tmp/t; /tmp/t; kill -l $?`,
    seen: { stdout: 'SYS\n' },
    needs: ['perl'],
  },
  {
    subject: 'kernel',
    tries: 'leaves a core file, or has one handed to a program of the host',
    command: `ulimit -c unlimited && echo worked; bash -c 'kill -SEGV $$'; echo $?; ls -A | grep core; true`,
    seen: { stdout: /^139\n$/ },
  },
];
