# Stands in front of the builtin, because the shell has one EXIT action and this file needs it. In the command's own
# shell the user's action is put in place, bash does what was asked, and the action is taken out again: so bash itself
# decides what every form of the call means. Actions of subshells are theirs alone.
trap() {
  { builtin local - && builtin set +aeukxvCTf; } 2>/dev/null
  if ((BASH_SUBSHELL > __sandbus_level)); then
    __sandbus_trap_in_subshell "$@"
  elif [[ -v __sandbus_exiting ]]; then
    __sandbus_plain_trap "$@" # bash runs no EXIT action that an EXIT action sets
  elif (($# == 0)) || [[ $1 == -*p* ]] || __sandbus_names_exit "$@"; then
    __sandbus_trap_exit "$@"
  else
    __sandbus_plain_trap "$@"
  fi
}

# Word by word, because how `$*` joins them is up to IFS.
__sandbus_names_exit() {
  for __sandbus_text; do
    case ${__sandbus_text^^} in EXIT | SIGEXIT | 0) builtin return 0 ;; esac
  done
  builtin return 1
}

__sandbus_trap_exit() {
  builtin local __sandbus_trap_status
  builtin local -a __sandbus_read
  if [[ -v __sandbus_exit_action ]]; then
    builtin eval "builtin $__sandbus_exit_action"
  else
    builtin trap - EXIT
  fi
  __sandbus_plain_trap "$@"
  __sandbus_trap_status=$?
  builtin trap -p EXIT >|"$__sandbus_out/scratch"
  builtin mapfile -d '' __sandbus_read <"$__sandbus_out/scratch"
  if [[ -v __sandbus_read ]]; then __sandbus_exit_action=$__sandbus_read; else builtin unset __sandbus_exit_action; fi
  builtin trap -- "$__sandbus_at_exit" EXIT
  builtin return "$__sandbus_trap_status"
}

# Nothing may follow the last call, because a DEBUG action acts from there on. bash puts ERR, DEBUG and RETURN back when a
# function returns without them: to remove one from in here, it is ignored instead. A RETURN action would act as the
# functions of this file return: what stands there until then puts it in place when `trap` does.
__sandbus_plain_trap() {
  builtin local __sandbus_name
  builtin local -a __sandbus_names
  __sandbus_names=()
  if [[ ${1-} == -- ]]; then
    builtin shift
  elif [[ ${1-} == -?* ]]; then
    builtin trap "$@"
    builtin return
  fi
  if (($# == 1)); then
    case ${1^^} in ERR | DEBUG | RETURN) builtin set -- - "$1" ;; esac # a name alone resets
  fi
  if [[ ${1-} == @(-|+([0-9])) ]]; then
    builtin trap -- "$@" || builtin return
    for __sandbus_name; do
      case ${__sandbus_name^^} in ERR | DEBUG | RETURN) builtin trap '' "$__sandbus_name" ;; esac
    done
    builtin return
  fi
  for __sandbus_name in "${@:2}"; do
    if [[ ${__sandbus_name^^} != RETURN ]]; then __sandbus_names+=("$__sandbus_name"); fi
  done
  if ((${#__sandbus_names[@]} + 1 < $#)); then
    __sandbus_return_action=$1
    builtin trap '[[ ${FUNCNAME[0]} != trap ]] || builtin trap -- "$__sandbus_return_action" RETURN' RETURN
    ((${#__sandbus_names[@]} > 0)) || builtin return 0
    builtin set -- "$1" "${__sandbus_names[@]}"
  fi
  builtin trap -- "$@"
}

# A subshell shows its parent's actions until it changes one; the parent's EXIT action is then the user's, not this file's.
__sandbus_trap_in_subshell() {
  if (($# > 0)) && [[ $1 != -[lpP]* ]]; then
    __sandbus_own_actions=$BASHPID
  elif [[ ${__sandbus_own_actions-} != "$BASHPID" ]]; then
    case $#:${1-}:${2-} in
      0:* | 1:-p:) builtin printf '%s' "${__sandbus_exit_action-}"; builtin trap -p {1..64}; builtin return ;;
      2:-p:EXIT | 2:-p:0) builtin printf '%s' "${__sandbus_exit_action-}"; builtin return ;;
    esac
  fi
  __sandbus_plain_trap "$@"
}
