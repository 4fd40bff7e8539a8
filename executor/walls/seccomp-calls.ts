/** Processors that a filter can be written for, as Node names them. */
export type FilteredArchitecture = 'x64' | 'arm64';

/**
 * The numbers of system calls, from the kernel's tables (arch/x86/entry/syscalls/syscall_64.tbl and
 * scripts/syscall.tbl): of x86_64, then of aarch64. Null where that processor has no such call.
 */
export const callNumbers = {
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  kcmp: [312, 272],
  pidfd_getfd: [438, 438],

  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],

  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  fanotify_init: [300, 262],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  mq_open: [240, 180],

  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  open_tree_attr: [467, 467],
  setns: [308, 268],
  unshare: [272, 97],
  clone: [56, 220],
  clone3: [435, 435],

  open_by_handle_at: [304, 265],
  name_to_handle_at: [303, 264],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  nfsservctl: [180, 42],

  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  create_module: [174, null],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  get_kernel_syms: [177, null],
  query_module: [178, null],
  reboot: [169, 142],
  syslog: [103, 116],
  _sysctl: [156, null],
  lookup_dcookie: [212, 18],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  vhangup: [153, 58],
  uselib: [134, null],
  move_pages: [279, 239],
  migrate_pages: [256, 238],

  iopl: [172, null],
  ioperm: [173, null],
  modify_ldt: [154, null],
  personality: [135, 92],
  ioctl: [16, 29],
  socket: [41, 198],
  socketpair: [53, 199],
} as const satisfies Readonly<Record<string, readonly [x64: number, arm64: number | null]>>;

export type CallName = keyof typeof callNumbers;

export function callNumber(name: CallName, architecture: FilteredArchitecture): number | null {
  return callNumbers[name][architecture === 'x64' ? 0 : 1];
}
