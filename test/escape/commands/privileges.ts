import { attempts, errors, type HostileCommand, refusedWith, systemCalls } from '../hostile-command.ts';

const { EPERM, ENOSYS } = errors;

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
      'mount -o remount,rw,bind @IN@',
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
      ...['/tmp', '/workspace', '/dev/shm', '/dev', '@OUT@'].flatMap((folder) => [
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
