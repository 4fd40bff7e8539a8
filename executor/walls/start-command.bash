# Becomes one command, behind walls that have no agent. It runs as the command's user already and holds no privilege:
#
#   bash --norc --noprofile start-command.bash $input $workspace $stdout $stderr
#
# $input/launch   what to start, each part ended by NUL: the number of variables, NAME=value, program, arguments
# stdin           the gate: a line `go` opens it, so that the command is in its groups before its first step
# stdout          takes one line when the command is about to begin, or cannot: `started [RELAYS]`, `refused WHY`
#
# Where $stdout and $stderr are plain files the command gets pipes instead, and a relay for each copies into the file: a
# file that is opened again (`echo x > /dev/stderr`) would be cut off. RELAYS are their process ids. A file that has
# become $__sandbus_full bytes long is marked as executable and not continued until its reader has emptied it, and the
# command waits as at a pipe.

readonly __sandbus_full=8388608

__sandbus_start() {
  local word launch input=$1 workspace=$2 outputs=("$3" "$4") stdin=$1/stdin relays=
  __sandbus_close_others
  mapfile -d '' -t launch <"$input/launch" || __sandbus_refuse 'what to start cannot be read'
  IFS= read -r word && [[ $word == go ]] || __sandbus_refuse 'the gate was not opened'
  cd -- "$workspace" || __sandbus_refuse 'the workspace cannot be entered'
  [[ -e $stdin ]] || stdin=/dev/null
  if [[ -f ${outputs[0]} ]]; then
    exec 3> >(__sandbus_relay "${outputs[0]}") && relays+=" $!"
    exec 4> >(exec 3>&- && __sandbus_relay "${outputs[1]}") && relays+=" $!"
  else
    exec 3>"${outputs[0]}" 4>"${outputs[1]}"
  fi || __sandbus_refuse 'its streams cannot be opened'
  exec <"$stdin" || __sandbus_refuse 'its input cannot be opened'
  set -- "${launch[@]:launch[0]+1}"
  unset PWD OLDPWD SHLVL _
  printf 'started%s\n' "$relays"
  # From here on no variable of this shell is used: one of the command may have its name.
  ((launch[0] == 0)) || export -- "${launch[@]:1:launch[0]}"
  exec -- "$@" >&3 2>&4 3>&- 4>&-
}

# Ends when nobody is left who could write into the pipe. What comes is copied at once: head alone would collect 4 KiB first.
__sandbus_relay() {
  trap '' TERM
  while /usr/bin/stdbuf -o0 /usr/bin/head -c "$__sandbus_full" >>"$1" && (($(/usr/bin/stat -c %s "$1") >= __sandbus_full)); do
    # Only from now on it may be emptied: its size would say nothing before this.
    /usr/bin/chmod u+x "$1"
    while [[ -s $1 ]]; do /usr/bin/sleep 0.01; done
  done
}

# Whoever started the executor may have left descriptors open. All of this file has been read by now.
__sandbus_close_others() {
  local path number
  for path in /proc/self/fd/*; do
    number=${path##*/}
    ((number <= 2)) || exec {number}>&-
  done
}

__sandbus_refuse() {
  printf 'refused %s\n' "$1"
  exit 1
}

__sandbus_start "$@"; exit
