import process from 'node:process';
import { attempts, errors, type HostileCommand, refusedWith, systemCalls } from '../hostile-command.ts';

const { EPERM, ENOSYS } = errors;

const onlyOn = (architecture: string, commands: readonly HostileCommand[]) =>
  process.arch === architecture ? commands : [];

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
      'find /proc -maxdepth 2 -not -path "/proc/[0-9]*" -not -path "/proc/*self/*" -type f -writable 2>/dev/null; echo closed',
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
  ...onlyOn('x64', [
    {
      subject: 'kernel',
      tries: 'reaches for ports and segments of the processor',
      command: systemCalls(['iopl', 3], ['ioperm', 0, 8, 1], ['modify_ldt', 0, 0, 0], ['uselib', '/lib/x']),
      seen: { stdout: refusedWith(EPERM, 4) },
      needs: ['perl'],
    },
    {
      subject: 'kernel',
      tries: 'makes calls by the numbers of x32',
      command: `perl -e 'print syscall(0x40000000 + 39) == -1 ? $! + 0 : "worked", "\\n"'`,
      seen: { stdout: `${ENOSYS}\n` },
      needs: ['perl'],
    },
    {
      subject: 'kernel',
      tries: 'makes calls by the numbers of 32-bit programs',
      command: `printf 'int main() { long r; __asm__("int $0x80" : "=a"(r) : "a"(20)); return r > 0 ? 3 : 4; }' > /tmp/t.c
        gcc -o /tmp/t /tmp/t.c && { /tmp/t; kill -l $?; }`,
      seen: { stdout: 'SYS\n' },
      needs: ['gcc'],
    },
  ]),
  {
    subject: 'kernel',
    tries: 'leaves a core file, or has one handed to a program of the host',
    command: `ulimit -c unlimited && echo worked; bash -c 'kill -SEGV $$'; echo $?; ls -A | grep core; true`,
    seen: { stdout: /^139\n$/ },
  },
];

const namespaceFlags = [0x0002_0000, 0x0200_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000];

export const privilegeCommands: readonly HostileCommand[] = [
  {
    subject: 'privileges',
    tries: 'makes namespaces with a program',
    command: attempts(
      ...['-U', '-Ur', '-r -m', '-n', '-p -f', '-i', '-u', '-C', '-T'].map((flags) => `unshare ${flags} true`),
    ),
  },
  {
    subject: 'privileges',
    tries: 'makes namespaces by system call, one by one',
    command: `${systemCalls(...[0x80, ...namespaceFlags].map((flag) => ['unshare', flag] as const))}
      ${systemCalls(...namespaceFlags.map((flag) => ['clone', flag + 17, 0, 0, 0, 0] as const))}`,
    seen: { stdout: refusedWith(EPERM, 15) },
    needs: ['perl'],
  },
  {
    subject: 'privileges',
    tries: 'makes a process by the call whose flags no filter sees',
    command: systemCalls(['clone3', 0, 88]),
    seen: { stdout: refusedWith(ENOSYS, 1) },
    needs: ['perl'],
  },
  {
    subject: 'privileges',
    tries: 'enters namespaces of others',
    command: `${attempts('nsenter -t 1 -m true', 'nsenter -t 1 -a true', 'nsenter -t @EXECUTOR@ -n true')}
      ${systemCalls(['setns', 0, 0])}`,
    seen: { stdout: `closed\n${refusedWith(EPERM, 1)}` },
    needs: ['perl'],
  },
  {
    subject: 'privileges',
    tries: 'maps users anew',
    command: attempts(
      'echo 0 0 1 > /proc/self/uid_map',
      'echo 0 1000 1 > /proc/self/uid_map',
      'echo allow > /proc/self/setgroups',
      'newuidmap $$ 0 0 1',
    ),
  },
  {
    subject: 'privileges',
    tries: 'mounts, unmounts, and remounts what is read only',
    command: attempts(
      'mount -t tmpfs x /tmp',
      'mount -t proc x /tmp',
      'mount --bind / /workspace',
      'mount -o remount,rw /',
      'mount -o remount,rw /usr',
      'mount -o remount,rw,bind /run/sandbus/in',
      'umount /proc',
      'umount -l /',
      'umount /dev/shm',
      'mount -t overlay -o lowerdir=/,upperdir=/tmp,workdir=/tmp x /tmp',
    ),
  },
  {
    subject: 'privileges',
    tries: 'mounts by system call, old and new',
    command: systemCalls(
      ['mount', 'x', '/tmp', 'tmpfs', 0, 0],
      ['umount2', '/proc', 2],
      ['pivot_root', '/tmp', '/tmp'],
      ['chroot', '/tmp'],
      ['open_tree', -100, '/', 1],
      ['move_mount', -100, '/', -100, '/tmp', 0],
      ['fsopen', 'tmpfs', 0],
      ['fsconfig', 0, 0, 0, 0, 0],
      ['fsmount', 0, 0, 0],
      ['fspick', -100, '/', 0],
      ['mount_setattr', -100, '/', 0, 0, 0],
      ['open_tree_attr', -100, '/', 1, 0, 0],
    ),
    seen: { stdout: refusedWith(EPERM, 12) },
    needs: ['perl'],
  },
  {
    subject: 'privileges',
    tries: 'mounts by way of FUSE and loop devices',
    command: attempts(
      ': <> /dev/fuse',
      'fusermount -u /tmp',
      'fusermount3 -u /tmp',
      'losetup -f',
      ': < /dev/loop0',
      ': < /dev/loop-control',
    ),
  },
  {
    subject: 'privileges',
    tries: 'makes device nodes wherever it can write',
    command: attempts(
      ...['/tmp', '/workspace', '/dev/shm', '/dev', '/run/sandbus/out'].flatMap((folder) => [
        `mknod ${folder}/m c 1 1`,
        `mknod ${folder}/d b 8 0`,
        `mknod ${folder}/n c 1 3`,
      ]),
    ),
  },
  {
    subject: 'privileges',
    tries: 'looks for devices of the machine',
    command:
      'ls -A /dev | grep -vxE "console|core|fd|full|null|ptmx|pts|random|shm|std(in|out|err)|tty|urandom|zero"; echo closed',
  },
  {
    subject: 'privileges',
    tries: 'gains rights through programs that have them by their file mode',
    command: attempts(
      'su -c true',
      'sudo -n true',
      'passwd -d user',
      'chsh -s /bin/sh',
      'newgrp root -c true',
      'pkexec true',
      'ping -c 1 -W 1 127.0.0.2 && false',
    ),
  },
  {
    subject: 'privileges',
    tries: 'makes a program of its own that gives rights, and runs it',
    command:
      'cp /usr/bin/id /workspace/mine && chmod 6755 /workspace/mine; /workspace/mine -u; /workspace/mine -g; rm mine',
    seen: { stdout: '1000\n1000\n' },
  },
  {
    subject: 'privileges',
    tries: 'becomes another user, and gives its files away',
    command: attempts(
      "perl -e '$< = $> = 0; exit($> != 0)'",
      "perl -e '$( = $) = 0; exit($) =~ /^0/ ? 0 : 1)'",
      'chown 0 /workspace',
      'chgrp 0 /workspace',
      'setpriv --reuid 0 true',
      'setpriv --clear-groups --regid 0 true',
    ),
    needs: ['perl'],
  },
  {
    subject: 'privileges',
    tries: 'looks for capabilities, held or to be had',
    command: "grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status | tr -d '\\t' | sort -u | tr '\\n' ' '",
    seen: {
      stdout: ['Amb', 'Bnd', 'Eff', 'Inh', 'Prm']
        .map((set) => `Cap${set}:${'0'.repeat(16)} `)
        .join('')
        .concat('NoNewPrivs:1 Seccomp:2 '),
    },
  },
  {
    subject: 'privileges',
    tries: 'puts input into a terminal',
    command: `${attempts(': > /dev/tty', 'cat /dev/tty', ': > /dev/console')}
      perl -e 'for (0x5412, 0x541c) { open my $t, "+<", "/dev/ptmx"; $x = "x"; print defined(ioctl $t, $_, $x) ? "worked" : $! + 0, "\\n" }'`,
    seen: { stdout: `closed\n${refusedWith(EPERM, 2)}` },
    needs: ['perl'],
  },
];
