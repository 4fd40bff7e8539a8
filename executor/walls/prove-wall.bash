# Tries from inside what a wall must not allow. Each line of output says what was possible; a good wall gives only the
# last line, which proves that the attempts were made at all. Builtins only. Nothing is written: that it could be is enough.

for file in /proc/sys/kernel/core_pattern /proc/sys/vm/drop_caches /proc/sysrq-trigger; do
  { : >>"$file"; } 2>/dev/null && echo "$file can be written"
done

interfaces=
while read -r name _; do
  case $name in lo:*) ;; *:*) interfaces+=" ${name%%:*}" ;; esac
done </proc/net/dev
if [[ $interfaces ]]; then
  echo "the network can be reached by$interfaces"
elif { : 3<>/dev/tcp/169.254.169.254/80; } 2>/dev/null; then
  echo 'the metadata server can be reached'
fi

for process in /proc/[0-9]*; do
  case $process in /proc/1 | "/proc/$$") ;; *) echo "$process, a process of others, can be seen" ;; esac
done
for file in environ mem maps; do
  { : <"/proc/1/$file"; } 2>/dev/null && echo "/proc/1/$file of the wall's agent can be read"
done
for descriptor in /proc/1/fd/*; do
  [[ ! -e $descriptor ]] || echo "$descriptor of the wall's agent can be opened"
done
for descriptor in "/proc/$$/fd"/*; do
  # Listing them opens one more, which is closed by now.
  case ${descriptor##*/} in 0 | 1 | 2) ;; *) [[ ! -e $descriptor ]] || echo "descriptor ${descriptor##*/} was left open" ;; esac
done

while read -r name value; do
  case $name in
    CapInh: | CapPrm: | CapEff: | CapBnd: | CapAmb:) [[ $value =~ ^0+$ ]] || echo "capabilities are held: $name $value" ;;
    NoNewPrivs:) [[ $value == 1 ]] || echo 'programs can gain privileges' ;;
  esac
done </proc/self/status

for folder in / /etc /usr /dev; do
  [[ ! -w $folder ]] || echo "$folder can be written"
done

echo 'every attempt was made'
