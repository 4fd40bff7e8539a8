# Closes what a container has open to a command, gives up everything, and becomes the command's program:
#
#   perl -e '…' -- $filter $workspace $where $configuration $program $arguments…
#
# $filter          the system call filter in hexadecimal digits; empty where there is none for this processor
# $workspace       a folder that appears at $where, too; empty outside of new namespaces, and then they are left as they are
# $where           nothing is bound where this is no folder
# $configuration   files that take the place of those of /etc
#
# Debian has perl wherever it has bash, and no other program there does this for anybody but root.
use strict;
use warnings;

my ($filter, $workspace, $where, $configuration, @program) = @ARGV;
my $is_x64 = (POSIX::uname())[4] eq 'x86_64';

# mount(2): MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC; MS_REMOUNT; MS_BIND.
my ($harmless, $remount, $bind) = (1 | 2 | 4 | 8, 32, 4096);

sub mount_at {
  my ($from, $to, $kind, $flags, $options) = map { /^\d+$/ ? $_ + 0 : "$_\0" } @_;
  return syscall($is_x64 ? 165 : 40, $from, $to, $kind, $flags, $options) == 0;
}

if ($workspace ne '') {
  if (-d $where) {
    mount_at($workspace, $where, 'none', $bind, '') or die "the workspace cannot be bound: $!\n";
  }

  # Engines leave these open, and none is needed. What cannot be covered stays as they have left it.
  for my $name (qw(passwd group hosts)) {
    mount_at("$configuration/$name", "/etc/$name", 'none', $bind, '') if -e "$configuration/$name" && -e "/etc/$name";
  }
  mount_at('/dev/null', '/etc/resolv.conf', 'none', $bind, '') if -e '/etc/resolv.conf';
  for my $folder (qw(/sys /dev/mqueue)) {
    mount_at('none', $folder, 'tmpfs', $harmless, 'size=4k,mode=755') if -d $folder;
  }
  if (mount_at('/proc/pressure', '/proc/pressure', 'none', $bind, '')) {
    mount_at('none', '/proc/pressure', 'none', $bind | $remount | $harmless, '');
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
