# Tries from inside what must fail behind a wall that rests on the command being another user than everybody around it:
#
#   bash --norc --noprofile prove-by-user.bash $network
#
# $network   `closed` where the wall promises to have none, `told` where it is only told of
#
# Each line of output is a finding: `possible …` is a hole, `open …` is what this kind of wall cannot close. The last line
# proves that the attempts were made at all. Nothing is written: that it could be is enough.

for file in /proc/sys/kernel/core_pattern /proc/sys/vm/drop_caches /proc/sysrq-trigger; do
  { : >>"$file"; } 2>/dev/null && echo "possible $file can be written"
done

interfaces=
while read -r name _; do
  case $name in lo:*) ;; *:*) interfaces+=" ${name%%:*}" ;; esac
done </proc/net/dev
if [[ $interfaces ]]; then
  # A packet that nobody answers would be waited for.
  for address in 169.254.169.254 fd20:ce::254; do
    /usr/bin/timeout 1 /bin/bash --norc --noprofile -c ": 3<>'/dev/tcp/$address/80'" 2>/dev/null &&
      echo "possible the metadata server can be reached at $address"
  done
  [[ $1 == closed ]] && echo "possible the network can be reached by$interfaces"
  echo "open the network, by$interfaces"
elif { : 3<>/dev/tcp/169.254.169.254/80; } 2>/dev/null; then
  echo 'possible the metadata server can be reached'
fi

seen=0
for process in /proc/[0-9]*; do
  # Those of this user are the command's own.
  [[ -e $process && ! -O $process ]] || continue
  ((seen += 1))
  for file in environ mem maps; do
    { : <"$process/$file"; } 2>/dev/null && echo "possible $process/$file of another user can be read"
  done
  for descriptor in "$process"/fd/*; do
    [[ ! -e $descriptor ]] || echo "possible $descriptor of another user can be opened"
  done
  kill -0 "${process##*/}" 2>/dev/null && echo "possible $process of another user can be sent signals"
done
((seen == 0)) || echo 'open the list of processes, with their arguments'

if /usr/bin/unshare --user /bin/true 2>/dev/null; then
  echo 'open user namespaces, and with them more of the kernel'
fi

for descriptor in "/proc/$$/fd"/*; do
  # Listing them opens one more, which is closed by now, and bash reads this file by another.
  case ${descriptor##*/} in 0 | 1 | 2 | 255) ;; *) [[ ! -e $descriptor ]] || echo "possible descriptor ${descriptor##*/} was left open" ;; esac
done

while read -r name value; do
  case $name in
    CapInh: | CapPrm: | CapEff: | CapBnd: | CapAmb:) [[ $value =~ ^0+$ ]] || echo "possible capabilities are held: $name $value" ;;
    NoNewPrivs:) [[ $value == 1 ]] || echo 'possible programs can gain privileges' ;;
  esac
done </proc/self/status
((UID != 0)) || echo 'possible the command is root'

for folder in / /etc /usr /dev /sys /run; do
  [[ ! -w $folder ]] || echo "possible $folder can be written"
done

echo 'every attempt was made'
