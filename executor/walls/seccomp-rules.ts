import { constants } from 'node:os';
import type { CallName } from './seccomp-calls.ts';

/**
 * A test of one argument of a call. Only the low 32 bits are looked at: for every argument that is tested here the kernel
 * itself takes no more, and a test of all 64 would be passed by setting one that it ignores.
 */
export interface ArgumentTest {
  readonly argument: 0 | 1 | 2;
  /** Which bits count; all when it is not given. */
  readonly mask?: number;
  readonly is: 'one-of' | 'none-of';
  readonly values: readonly number[];
}

/** A call that is refused, if all tests hold, with an error that its caller can handle. */
export interface Refusal {
  readonly call: CallName;
  readonly errno: number;
  readonly when?: readonly ArgumentTest[];
}

const { EPERM, ENOSYS, EAFNOSUPPORT, EPROTONOSUPPORT } = constants.errno;

/** What no command needs: each is a way to other processes or the kernel, or a part of it where many holes were found. */
const forbidden: readonly CallName[] = [
  // Other processes. It also takes strace and gdb away: a tracer could once switch the filter of its child off.
  ...(['ptrace', 'process_vm_readv', 'process_vm_writev', 'process_madvise', 'kcmp', 'pidfd_getfd'] as const),
  // Keyrings belong to a user of the host, not to a namespace.
  ...(['add_key', 'request_key', 'keyctl'] as const),
  // Large parts of the kernel that anyone may call and few need.
  ...(['bpf', 'perf_event_open', 'userfaultfd', 'fanotify_init', 'move_pages', 'migrate_pages', 'modify_ldt'] as const),
  // Mounts and namespaces.
  ...([
    'mount',
    'umount2',
    'pivot_root',
    'chroot',
    'open_tree',
    'open_tree_attr',
    'move_mount',
    'mount_setattr',
  ] as const),
  ...(['fsopen', 'fsconfig', 'fsmount', 'fspick', 'setns'] as const),
  // Files without their path, and quotas, swap and accounting of a file system.
  ...(['open_by_handle_at', 'name_to_handle_at', 'quotactl', 'quotactl_fd', 'swapon', 'swapoff', 'acct'] as const),
  // The kernel, its modules, its log, the clock and the machine.
  ...(['kexec_load', 'kexec_file_load', 'create_module', 'init_module', 'finit_module', 'delete_module'] as const),
  ...(['get_kernel_syms', 'query_module', 'nfsservctl', '_sysctl', 'lookup_dcookie', 'uselib', 'syslog'] as const),
  ...(['reboot', 'settimeofday', 'clock_settime', 'sethostname', 'setdomainname', 'vhangup'] as const),
  ...(['iopl', 'ioperm'] as const),
];

/** Programs take "not there" for a reason to go another way. */
const absent: readonly CallName[] = [
  // Its flags are in memory, where no filter can look; C libraries fall back to clone.
  'clone3',
  ...(['io_uring_setup', 'io_uring_enter', 'io_uring_register'] as const),
  // POSIX queues stay when their processes are gone, and nothing lists them where they are not mounted.
  'mq_open',
];

/** CLONE_NEW…: NS, CGROUP, UTS, IPC, USER, PID, NET. */
const newNamespaces = 0x7e02_0000;
/** Only for unshare: the same bit is a part of clone's exit signal. */
const newTimeNamespace = 0x80;

/** As they are, with addresses that are not random, as a 32-bit machine calls itself, both; and the question which. */
const personalities = [0, 0x4_0000, 0x8, 0x4_0008, 0xffff_ffff];

/** TIOCSTI and TIOCLINUX put input into a terminal. */
const terminalInput = [0x5412, 0x541c];

const families = { unix: 1, inet: 2, inet6: 10, netlink: 16 } as const;
const internetProtocols = { any: 0, icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;
/** A type of sockets that the kernel takes for another family. */
const packetType = 10;
const typeBits = 0xf;

/** Whoever makes a pair of sockets makes two of that family first, even where pairs are then refused. */
const socketCalls = ['socket', 'socketpair'] as const;

const socketRefusals = (call: (typeof socketCalls)[number]): readonly Refusal[] => {
  const isInternet: ArgumentTest = { argument: 0, is: 'one-of', values: [families.inet, families.inet6] };
  return [
    { call, errno: EAFNOSUPPORT, when: [{ argument: 0, is: 'none-of', values: Object.values(families) }] },
    {
      call,
      errno: EPROTONOSUPPORT,
      // Only the addresses and routes of its own network (NETLINK_ROUTE).
      when: [
        { argument: 0, is: 'one-of', values: [families.netlink] },
        { argument: 2, is: 'none-of', values: [0] },
      ],
    },
    {
      call,
      errno: EPROTONOSUPPORT,
      when: [isInternet, { argument: 2, is: 'none-of', values: Object.values(internetProtocols) }],
    },
    { call, errno: EPERM, when: [isInternet, { argument: 1, mask: typeBits, is: 'one-of', values: [packetType] }] },
  ];
};

/** Everything that the filter refuses. What is not here is allowed: commands are ordinary programs. */
export const refusals: readonly Refusal[] = [
  ...forbidden.map((call) => ({ call, errno: EPERM })),
  ...absent.map((call) => ({ call, errno: ENOSYS })),
  { call: 'clone', errno: EPERM, when: [{ argument: 0, mask: newNamespaces, is: 'none-of', values: [0] }] },
  {
    call: 'unshare',
    errno: EPERM,
    when: [{ argument: 0, mask: newNamespaces | newTimeNamespace, is: 'none-of', values: [0] }],
  },
  { call: 'personality', errno: EPERM, when: [{ argument: 0, is: 'none-of', values: personalities }] },
  { call: 'ioctl', errno: EPERM, when: [{ argument: 1, is: 'one-of', values: terminalInput }] },
  ...socketCalls.flatMap(socketRefusals),
];
