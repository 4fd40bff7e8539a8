# The first process in one of Cloud Run's sandboxes, for one command. It runs there as root and the command does not:
#
#   bash --norc --noprofile supervise-command.bash $uid $gid $programs $input $workspace $streams
#
# $programs   the folder of this file, read only
# $input      read only: what start-command.bash reads; later `kill`, or `term` with tenths of a second for all but the shell
# $streams    files: `stdout` and `stderr`, which the command's user may write, and `status`, which only root may:
#               started · refused WHY · ended STATUS        STATUS is 128 + n for signal n, as shells count
#
# The status travels by file because the launcher may lose its own, and says more on stderr when it is not 0. So this
# program always ends with 0. Whatever is left in the sandbox ends with it. PATH may be empty: names are absolute.

__sandbus_supervise() {
  local uid=$1 gid=$2 programs=$3 input=$4 workspace=$5 streams=$6 shell watcher relays line status
  trap '' TERM INT HUP
  # A substitution: its process is known by $!, and wait has its status.
  exec {__sandbus_said}< <(__sandbus_become_user)
  shell=$!
  exec {__sandbus_pause}< <(exec /usr/bin/sleep infinity)
  IFS= read -r -u "$__sandbus_said" line || line='refused the shell did not begin'
  if [[ $line == started* ]]; then
    relays=${line#started}
    printf 'started\n' >>"$streams/status"
    __sandbus_watch &
    watcher=$!
    wait "$shell"
    status=$?
    kill -KILL "$watcher"
    __sandbus_clear
    line="ended $status"
  fi
  printf '%s\n' "$line" >>"$streams/status"
}

__sandbus_become_user() {
  trap - TERM INT HUP
  exec /usr/bin/setpriv --reuid "$uid" --regid "$gid" --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs -- \
    /bin/bash --norc --noprofile "$programs/start-command.bash" "$input" "$workspace" "$streams/stdout" "$streams/stderr" \
    <"$programs/gate"
}

# Nothing is ever said there.
__sandbus_wait() { read -r -t "$1" -u "$__sandbus_pause"; }

__sandbus_watch() {
  local found
  until [[ -e $input/term || -e $input/kill ]]; do __sandbus_wait 0.1; done
  if [[ ! -e $input/kill ]]; then __sandbus_terminate "$(<"$input/term")"; fi
  until [[ -e $input/kill ]]; do __sandbus_wait 0.1; done
  kill -KILL "$shell"
}

# The shell is stopped meanwhile: it would go on with its next line when the program in the foreground has ended.
__sandbus_terminate() {
  local pid left signaled=' '
  kill -STOP "$shell"
  for ((left = $1; left > 0; left--)); do
    __sandbus_find
    if ((${#found[@]} == 0)) || [[ -e $input/kill ]]; then break; fi
    for pid in "${found[@]}"; do
      if [[ $signaled != *" $pid "* ]]; then kill -TERM "$pid" && signaled+="$pid "; fi
    done
    __sandbus_wait 0.1
  done
  kill -TERM "$shell"
  kill -CONT "$shell"
}

# Sets `found` to the living processes of the command, but its shell and the relays of its output.
__sandbus_find() {
  local entry name value
  found=()
  for entry in /proc/[0-9]*; do
    if [[ " $shell$relays " == *" ${entry##*/} "* ]]; then continue; fi
    while read -r name value _; do
      case $name$value in
        State:[ZX]) break ;;
        PPid:*) if [[ "$relays " == *" $value "* ]]; then break; fi ;;
        Uid:"$uid") found+=("${entry##*/}") && break ;;
        Uid:*) break ;;
      esac
    done <"$entry/status"
  done 2>/dev/null
}

# The relays end when nobody is left who could write to them.
__sandbus_clear() {
  local round found relay
  for ((round = 0; round < 100; round++)); do
    __sandbus_find
    if ((${#found[@]} == 0)); then break; fi
    kill -KILL "${found[@]}"
    __sandbus_wait 0.01
  done
  for relay in $relays; do
    # Whoever reads the output may be slow.
    for ((round = 0; round < 6000; round++)); do
      kill -0 "$relay" || break
      __sandbus_wait 0.01
    done
  done 2>/dev/null
}

__sandbus_supervise "$@"
exit 0
