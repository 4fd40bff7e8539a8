# Closes what a container has open to a command, gives up everything, and becomes the command's program:
#
#   perl -e '…' -- $filter $workspace $where $program $arguments…
#
# $filter      the system call filter in hexadecimal digits; empty where there is none for this processor
# $workspace   a folder that appears at $where, too; empty outside of new namespaces, and then they are left as they are
# $where       nothing is bound where this is no folder
#
# Debian has perl wherever it has bash, and no other program there does this for anybody but root.
use strict;
use warnings;

my ($filter, $workspace, $where, @program) = @ARGV;
my $is_x64 = (POSIX::uname())[4] eq 'x86_64';

if ($workspace ne '') {
  # mount(2) with MS_BIND.
  if (-d $where) {
    my ($from, $to, $none) = ("$workspace\0", "$where\0", "none\0");
    syscall($is_x64 ? 165 : 40, $from, $to, $none, 4096, $none) == 0 or die "the workspace cannot be bound: $!\n";
  }

  # A new network has its loopback down: SIOCSIFFLAGS with IFF_UP and IFF_RUNNING (netdevice(7)).
  socket(my $any, 2, 2, 0) or die "no socket: $!\n";
  my $up = pack('a16 s x22', 'lo', 0x41);
  ioctl($any, 0x8914, $up) or die "the loopback stays down: $!\n";
  close $any;
}

# Last, as it refuses mounts: prctl(2) with PR_SET_SECCOMP and SECCOMP_MODE_FILTER; struct sock_fprog is a count and an address.
if ($filter ne '') {
  my $instructions = pack('H*', $filter);
  my $program = pack('S x![P] P', length($instructions) / 8, $instructions);
  syscall($is_x64 ? 157 : 167, 22, 2, $program) == 0 or die "the filter is not taken: $!\n";
}

exec { $program[0] } @program or die "$program[0]: $!\n";

BEGIN { require POSIX }
