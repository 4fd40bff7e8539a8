# The first process behind the wall, one for all commands of a lease. It starts a command when it is told to, reaps, and
# says how the command ended and that nothing of it is left:
#
#   bash --norc --noprofile agent.bash $control $answers [$port $channel $node $helper]
#
# $control   words of the executor, one a line: `run` forks; the child then waits for `go` at the gate
# $answers   standing · waiting · started · refused WHY · [listening ADDRESS:PORT …] · ended STATUS · cleared · littered WHAT
# $port …    with a network: the port of the executor's proxy, and descriptors of the channel to the executor, of its Node and
#            of the program that listens there and sends the socket over the channel
# /run/sandbus/in/launch   what to start, each part ended by NUL: the number of variables, NAME=value, program, arguments
#
# What must stay true here:
# - Nothing that a command can write is read, but an exit status and the rows of /proc/sysvipc; nothing is evaluated.
# - Both pipes are closed before a command begins. It cannot open them again: the file of this program is executable and not
#   readable, so the kernel keeps its descriptors, memory and environment from every other process (not dumpable).
# - The first process of a namespace cannot be killed from inside, and signals without a handler do not reach it.
# - Builtins only, because no command may wait for what the agent itself forks.
#
# All of it is one function, so that it is read to its end before anything runs and the file can be closed.

__sandbus_agent() {
  readonly __sandbus_control=$1 __sandbus_answers=$2 LC_ALL=C
  readonly __sandbus_caught=(HUP INT ILL TRAP ABRT FPE BUS SEGV SYS PIPE ALRM TERM XCPU XFSZ VTALRM USR1 USR2)
  readonly __sandbus_port=${3-}
  [[ -z ${3-} ]] || __sandbus_open_proxy "${@:3}"
  __sandbus_close_others
  # bash catches these from its first `read -t` on, to end with them, and would then end at a word of any command. While
  # a command runs it would wait for an interrupt and end with that.
  trap '' "${__sandbus_caught[@]}"
  __sandbus_say standing
  local word
  while IFS= read -r -u "$__sandbus_control" word && [[ $word == run ]]; do
    # bash has words for how a child died; they would be written here.
    { (__sandbus_start); } 2>/dev/null
    __sandbus_end $?
  done
}

__sandbus_say() { printf '%s\n' "$1" >&"$__sandbus_answers"; }

# Before any command, so that the port is nobody else's.
__sandbus_open_proxy() {
  (NODE_CHANNEL_FD=$2 exec "/proc/self/fd/$3" --input-type=module - "$1" <&"$4" {__sandbus_control}<&- {__sandbus_answers}>&-) || exit
}

# Whoever started the executor may have left descriptors open.
__sandbus_close_others() {
  local path number
  for path in /proc/self/fd/*; do
    number=${path##*/}
    case $number in 0 | 1 | 2 | "$__sandbus_control" | "$__sandbus_answers") ;; *) exec {number}>&- ;; esac
  done
}

__sandbus_start() {
  local word launch
  mapfile -d '' -t launch </run/sandbus/in/launch || __sandbus_refuse 'what to start cannot be read'
  __sandbus_say waiting
  # Whoever waits here is put into its groups by the executor, so that limits hold from the first step.
  IFS= read -r -u "$__sandbus_control" word && [[ $word == go ]] || __sandbus_refuse 'the gate was not opened'
  cd /workspace || __sandbus_refuse 'the workspace cannot be entered'
  local stdin=/run/sandbus/in/stdin
  [[ -e $stdin ]] || stdin=/dev/null
  exec <"$stdin" >/run/sandbus/pipes/stdout 2>/run/sandbus/pipes/stderr || __sandbus_refuse 'its streams cannot be opened'
  set -- "${launch[@]:launch[0]+1}"
  unset PWD OLDPWD SHLVL _
  trap - "${__sandbus_caught[@]}"
  __sandbus_say started
  # Expanded before the first of them is set: no name of the environment means anything to this shell.
  # Without a name `export` would list them on the command's output.
  ((launch[0] == 0)) || export -- "${launch[@]:1:launch[0]}"
  exec -- "$@" {__sandbus_control}<&- {__sandbus_answers}>&-
}

__sandbus_refuse() {
  __sandbus_say "refused $1"
  exit 1
}

# Nothing listens where nobody is left, which is the usual case.
__sandbus_end() {
  if kill -0 -1 2>/dev/null; then __sandbus_tell_listening; fi
  __sandbus_clear "ended $1"
}

# As the kernel's tables have it, whose first rows are those that listen. The executor's own port is none of the command's.
__sandbus_tell_listening() {
  local table row fields rows listening= own=
  local -i count=0
  [[ -z $__sandbus_port ]] || printf -v own '%04X' "$__sandbus_port"
  for table in tcp tcp6; do
    rows=()
    [[ ! -r /proc/net/$table ]] || mapfile -s 1 -n 256 -t rows </proc/net/"$table"
    for row in "${rows[@]}"; do
      fields=($row)
      if [[ ${fields[3]-} != 0A || ${fields[1]#*:} == "$own" ]]; then continue; fi
      if ((++count > 64)); then break; fi
      listening+=" ${fields[1]}"
    done
  done
  [[ -z $listening ]] || __sandbus_say "listening$listening"
}

# Everybody else in the namespace is what the command has left. One call reaches them all: the kernel lets nobody fork
# meanwhile. It fails when nobody is left to be reaped either.
__sandbus_clear() {
  local round word
  if ! kill -KILL -1 2>/dev/null && ! __sandbus_has_ipc; then
    # The usual case, said at once.
    __sandbus_say "$1"$'\n'cleared
    return
  fi
  __sandbus_say "$1"
  for ((round = 0; round < 5000; round++)); do
    if ! kill -KILL -1 2>/dev/null; then
      __sandbus_clear_ipc
      return
    fi
    # The executor says nothing before it was answered: this is a pause.
    read -r -t 0.001 -u "$__sandbus_control" word
  done
  __sandbus_say 'littered processes'
}

# Shared memory, queues and semaphores of System V outlive their processes, and with them the memory that they take.
__sandbus_clear_ipc() {
  if __sandbus_has_ipc; then
    (exec -c /usr/bin/ipcrm --all {__sandbus_control}<&- {__sandbus_answers}>&-) &>/dev/null
    if __sandbus_has_ipc; then
      __sandbus_say 'littered System V IPC'
      return
    fi
  fi
  __sandbus_say cleared
}

__sandbus_has_ipc() {
  local table rows
  for table in /proc/sysvipc/{shm,msg,sem}; do
    if [[ -r $table ]]; then
      # The first line is the heading.
      mapfile -s 1 -n 1 -t rows <"$table"
      if ((${#rows[@]} > 0)); then return 0; fi
    fi
  done
  return 1
}

__sandbus_agent "$@"; exit
