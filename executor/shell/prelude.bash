# Restores a session's shell before a command and records it afterwards. bash reads this file first, through BASH_ENV:
#
#   BASH_ENV=$in/prelude.bash SANDBUS_IN=$in SANDBUS_OUT=$out bash --norc --noprofile -c "$command"
#
# $in (read only behind a wall), each file optional, values end in NUL:
#   session-cwd  session-oldpwd  definitions  options      what the last command left
#   request-cwd  request-env                               for this command only
# $out (writable):
#   state        what this command leaves; its grammar is in state-file.ts
#   scratch      where builtins leave text that this file reads back
#
# What must stay true here:
# - Builtins only: nothing forks and PATH is not used, so a broken PATH breaks nothing and a save costs under 2 ms.
# - Every word after the definitions were restored stands inside a function, because functions are parsed before the
#   session's aliases exist.
# - The executor never evaluates what is written here. Only a shell behind the same wall does.
#
# Known limits stand in test/executor/shell/tricky-commands.jsonl; where the shell leaves nothing, the state before stays.

__sandbus_in=$SANDBUS_IN __sandbus_out=$SANDBUS_OUT __sandbus_level=$BASH_SUBSHELL __sandbus_given=
# Hard limits come before anything of the session; a lower one that is in force already stays.
for __sandbus_text in $SANDBUS_ULIMITS; do builtin ulimit "-${__sandbus_text%%=*}" "${__sandbus_text#*=}" 2>/dev/null; done
builtin unset BASH_ENV SANDBUS_IN SANDBUS_OUT SANDBUS_ULIMITS

# The directory to start in. The session's own may be gone: a command before this one may have removed it.
__sandbus_restore_directory() {
  builtin local directory
  if [[ -r $__sandbus_in/session-cwd && ! -r $__sandbus_in/request-cwd ]]; then
    IFS= builtin read -r -d '' directory <"$__sandbus_in/session-cwd"
    CDPATH='' builtin cd -- "$directory" &>/dev/null || {
      builtin cd -- "$HOME"
      builtin printf "sandbus: the directory '%s' is gone, starting in %s\n" "$directory" "$HOME" >&2
    }
  fi
  if [[ -r $__sandbus_in/session-oldpwd ]]; then
    IFS= builtin read -r -d '' directory <"$__sandbus_in/session-oldpwd"
    OLDPWD=$directory
  fi
}

# The last step before the command: what the request alone asks for, then the session's options. Those come at the very
# end because `set -e`, `-u` and `-x` would act on this file.
__sandbus_enter() {
  builtin local entry "oldpwd=${OLDPWD-}"
  __sandbus_started=$PWD
  if [[ -r $__sandbus_in/request-env ]]; then
    while IFS= builtin read -r -d '' entry; do
      __sandbus_given+=" ${entry%%=*} "
      builtin declare -p -- "${entry%%=*}"
    done <"$__sandbus_in/request-env" 2>/dev/null >|"$__sandbus_out/scratch"
    IFS= builtin read -r -d '' __sandbus_definitions_before <"$__sandbus_out/scratch"
    while IFS= builtin read -r -d '' entry; do
      builtin export -- "$entry" 2>/dev/null ||
        builtin printf "sandbus: '%s' is read-only in this session\n" "${entry%%=*}" >&2
    done <"$__sandbus_in/request-env"
  fi
  if [[ -r $__sandbus_in/request-cwd ]]; then
    IFS= builtin read -r -d '' entry <"$__sandbus_in/request-cwd"
    if ! CDPATH='' builtin cd -- "$entry" &>/dev/null; then
      builtin printf "sandbus: cannot change to directory '%s'\n" "$entry" >&2
      builtin exit 1
    fi
    OLDPWD=$oldpwd
    __sandbus_started=$PWD
  fi
  if [[ -r $__sandbus_in/options ]]; then __sandbus_restore_options; fi
}

# `options` holds SHELLOPTS: the options that were on. Those that a new shell has on are turned off unless they are named.
__sandbus_restore_options() {
  builtin local wanted option
  IFS= builtin read -r -d '' wanted <"$__sandbus_in/options"
  for option in braceexpand hashall interactive-comments; do
    [[ :$wanted: == *:$option:* ]] || builtin set +o "$option"
  done
  # One redirected group, so that no trace of xtrace itself is shown once it is on.
  {
    for option in allexport braceexpand emacs errtrace functrace hashall histexpand ignoreeof interactive-comments \
      keyword noclobber noglob nolog notify physical pipefail privileged vi errexit nounset posix xtrace; do
      if [[ :$wanted: == *:$option:* ]]; then builtin set -o "$option"; fi
    done
  } 2>/dev/null
}

# Stands in front of the builtin, because the shell has one EXIT action and this file needs it. In the command's own
# shell the user's action is put in place, bash does what was asked, and the action is taken out again: so bash itself
# decides what every form of the call means. Actions of subshells are theirs alone.
trap() {
  { builtin local - && builtin set +aeukxvCTf; } 2>/dev/null
  if ((BASH_SUBSHELL > __sandbus_level)); then
    __sandbus_trap_in_subshell "$@"
  elif [[ -v __sandbus_exiting ]]; then
    __sandbus_plain_trap "$@" # bash runs no EXIT action that an EXIT action sets
  elif (($# == 0)) || [[ $1 == -*p* || " ${*^^} " == *@(" EXIT "|" SIGEXIT "|" 0 ")* ]]; then
    __sandbus_trap_exit "$@"
  else
    __sandbus_plain_trap "$@"
  fi
}

__sandbus_trap_exit() {
  builtin local __sandbus_trap_status
  if [[ -v __sandbus_exit_action ]]; then
    builtin eval "builtin $__sandbus_exit_action"
  else
    builtin trap - EXIT
  fi
  __sandbus_plain_trap "$@"
  __sandbus_trap_status=$?
  builtin trap -p EXIT >|"$__sandbus_out/scratch"
  IFS= builtin read -r -d '' __sandbus_exit_action <"$__sandbus_out/scratch" || builtin :
  [[ $__sandbus_exit_action ]] || builtin unset __sandbus_exit_action
  builtin trap -- "$__sandbus_at_exit" EXIT
  builtin return "$__sandbus_trap_status"
}

# Nothing may follow the call, because a DEBUG action acts from here on. bash puts ERR, DEBUG and RETURN back when a
# function returns without them: to remove one from in here, it is ignored instead.
__sandbus_plain_trap() {
  if [[ ${1-} == - || ${1-} == -- && ${2-} == - ]]; then
    builtin trap "$@" || builtin return
    builtin local __sandbus_name
    for __sandbus_name; do
      case $__sandbus_name in ERR | DEBUG | RETURN) builtin trap '' "$__sandbus_name" ;; esac
    done
  else
    builtin trap "$@"
  fi
}

# A subshell shows its parent's actions until it changes one; the parent's EXIT action is then the user's, not this file's.
__sandbus_trap_in_subshell() {
  if (($# > 0)) && [[ $1 != -[lpP]* ]]; then
    __sandbus_own_actions=$BASHPID
  elif [[ ${__sandbus_own_actions-} != "$BASHPID" ]]; then
    case $* in
      '' | -p) builtin printf '%s' "${__sandbus_exit_action-}"; builtin trap -p {1..64}; builtin return ;;
      '-p EXIT' | '-p 0') builtin printf '%s' "${__sandbus_exit_action-}"; builtin return ;;
    esac
  fi
  __sandbus_plain_trap "$@"
}

# First half of the EXIT action. It saves, because the user's own EXIT action may call `exit`, which ends the shell there.
# In posix mode special builtins win over functions of the same name, so `unset` is what it looks like whatever the
# command defined; after it, so is `builtin`. Posix mode switches some options, which are put back.
__sandbus_begin_exit() {
  __sandbus_status=$? __sandbus_options=$SHELLOPTS __sandbus_shopts=$BASHOPTS
  [[ -o posix ]] || POSIXLY_CORRECT=1
  unset -f builtin unset
  __sandbus_enable_builtins
  # Where `builtin` is still a function, nothing of the rest means what it says; a loop would have no end.
  __sandbus_text=
  builtin printf -v __sandbus_text works
  [[ $__sandbus_text == works ]] || exit "$__sandbus_status"
  builtin unset POSIXLY_CORRECT || builtin set +o posix
  for __sandbus_text in expand_aliases inherit_errexit interactive_comments shift_verbose sourcepath; do
    if [[ :$__sandbus_shopts: == *:$__sandbus_text:* ]]; then
      builtin shopt -s "$__sandbus_text"
    else
      builtin shopt -u "$__sandbus_text"
    fi
  done
  builtin trap '' DEBUG
  __sandbus_exiting=1
  if [[ -v __sandbus_exit_action ]]; then
    builtin local -
    builtin set +aeukxvCTf
    __sandbus_save
    # Out of `trap -- 'action' EXIT` comes the action.
    __sandbus_exit_action=${__sandbus_exit_action#trap -- }
    builtin eval "__sandbus_exit_action=${__sandbus_exit_action%EXIT*}"
  else
    builtin set +aeukxvCTf
    __sandbus_exit_action=
  fi
  __sandbus_return_status
}

# `enable -n` lasts no longer than its command, so nothing is lost.
__sandbus_enable_builtins() {
  builtin enable declare eval exit export local mapfile printf read return set shopt trap umask unset && return
  unset -f enable
  enable builtin declare eval exit export local mapfile printf read return set shopt trap umask unset
}

__sandbus_return_status() { builtin return "$__sandbus_status"; }

__sandbus_end_exit() {
  builtin set +aeukxvCTf
  builtin set +o posix
  builtin trap - DEBUG ERR RETURN
  __sandbus_save
}

# Writes $out/state. Variables of bash itself, of this file and of the request are left out. A subshell that a signal ends
# before it has forgotten its parent's actions gets here too.
__sandbus_save() {
  [[ ${BASHPID-$$} == "$$" ]] || builtin return
  builtin local "__sandbus_ifs=${IFS@A}" "__sandbus_lc_all=${LC_ALL@A}" __sandbus_lc_all_flags= __sandbus_flags
  builtin local "__sandbus_lc_all_value=${LC_ALL-}" __sandbus_name __sandbus_nocasematch= || builtin return
  if builtin shopt -q nocasematch; then __sandbus_nocasematch=1; fi
  builtin shopt -u nocasematch
  builtin trap '' XFSZ # of a limit on file sizes the write fails, and the command ends as it would have
  if [[ -v LC_ALL ]]; then __sandbus_lc_all_flags=${LC_ALL@a}; fi
  builtin local LC_ALL=C IFS=$' \t\n'
  builtin local -a __sandbus_names
  __sandbus_names=()
  for __sandbus_name in "${!_@}" "${!A@}" "${!B@}" "${!C@}" "${!D@}" "${!E@}" "${!F@}" "${!G@}" "${!H@}" "${!I@}" \
    "${!J@}" "${!K@}" "${!L@}" "${!M@}" "${!N@}" "${!O@}" "${!P@}" "${!Q@}" "${!R@}" "${!S@}" "${!T@}" "${!U@}" \
    "${!V@}" "${!W@}" "${!X@}" "${!Y@}" "${!Z@}" "${!a@}" "${!b@}" "${!c@}" "${!d@}" "${!e@}" "${!f@}" "${!g@}" \
    "${!h@}" "${!i@}" "${!j@}" "${!k@}" "${!l@}" "${!m@}" "${!n@}" "${!o@}" "${!p@}" "${!q@}" "${!r@}" "${!s@}" \
    "${!t@}" "${!u@}" "${!v@}" "${!w@}" "${!x@}" "${!y@}" "${!z@}"; do
    if __sandbus_is_kept "$__sandbus_name"; then __sandbus_names+=("$__sandbus_name"); fi
  done
  builtin declare -p >|"$__sandbus_out/scratch"
  __sandbus_write_state >|"$__sandbus_out/state"
  if [[ $__sandbus_nocasematch ]]; then builtin shopt -s nocasematch; fi
}

__sandbus_is_kept() {
  [[ $1 != __sandbus_* && $__sandbus_of_bash != *" $1 "* && $__sandbus_given != *" $1 "* ]]
}

__sandbus_of_bash=' _ IFS LC_ALL PWD OLDPWD BASH BASHOPTS BASHPID BASH_ALIASES BASH_ARGC BASH_ARGV BASH_ARGV0 BASH_CMDS
  BASH_COMMAND BASH_COMPAT BASH_ENV BASH_EXECUTION_STRING BASH_LINENO BASH_LOADABLES_PATH BASH_MONOSECONDS BASH_REMATCH
  BASH_SOURCE BASH_SUBSHELL BASH_TRAPSIG BASH_VERSINFO BASH_VERSION BASH_XTRACEFD COMP_CWORD COMP_KEY COMP_LINE COMP_POINT
  COMP_TYPE COMP_WORDBREAKS COMP_WORDS COMPREPLY DIRSTACK EPOCHREALTIME EPOCHSECONDS EUID FUNCNAME FUNCNEST GROUPS HISTCMD
  HOSTNAME HOSTTYPE LINENO MACHTYPE OSTYPE PIPESTATUS POSIXLY_CORRECT PPID RANDOM SECONDS SHELLOPTS SHLVL SRANDOM UID '
__sandbus_of_bash=${__sandbus_of_bash//$'\n'/ }

__sandbus_write_state() {
  builtin printf 'sandbus-state 1\0status=%s\0cwd=%s\0started=%s\0oldpwd=%s\0umask=' \
    "$__sandbus_status" "$PWD" "$__sandbus_started" "${OLDPWD-}"
  builtin umask
  builtin printf '\0options=%s\0' "$__sandbus_options"
  for __sandbus_name in "${__sandbus_names[@]}"; do
    if [[ ! -R $__sandbus_name && -v $__sandbus_name && ${!__sandbus_name@a} == *x* ]]; then
      builtin printf 'e:%s=%s\0' "$__sandbus_name" "${!__sandbus_name}"
    fi
  done
  if [[ $__sandbus_lc_all_flags == *x* && $__sandbus_given != *' LC_ALL '* ]]; then
    builtin printf 'e:LC_ALL=%s\0' "$__sandbus_lc_all_value"
  fi
  builtin printf 'definitions\0%s\n' "${__sandbus_definitions_before-}"
  # What every shell starts with.
  for __sandbus_name in HOME USER LOGNAME SHELL LANG TMPDIR PATH; do
    [[ $__sandbus_given != *" $__sandbus_name "* ]] || builtin continue
    [[ -v $__sandbus_name ]] || builtin printf 'unset -v %s\n' "$__sandbus_name"
    [[ ! -v $__sandbus_name || ${!__sandbus_name@a} == *x* ]] || builtin printf 'declare +x %s\n' "$__sandbus_name"
  done
  for __sandbus_name in "${__sandbus_names[@]}"; do builtin declare -p -- "$__sandbus_name"; done
  __sandbus_write_valueless
  if [[ $__sandbus_given != *' IFS '* ]]; then builtin printf '%s\n' "${__sandbus_ifs:-unset IFS}"; fi
  if [[ $__sandbus_given != *' LC_ALL '* ]]; then builtin printf '%s\n' "$__sandbus_lc_all"; fi
  builtin umask -p
  builtin shopt -u extdebug # bash would look for a debugger as it starts
  builtin shopt -p
  if [[ $__sandbus_nocasematch ]]; then builtin printf 'shopt -s nocasematch\n'; fi
  # From here on functions of any name may be in force.
  builtin printf 'shopt -s extglob\n' # their bodies may need it to parse
  __sandbus_write_functions
  builtin shopt -q extglob || builtin printf 'builtin shopt -u extglob\n'
  for __sandbus_name in "${!BASH_ALIASES[@]}"; do
    builtin printf 'builtin alias -- %q=%q\n' "$__sandbus_name" "${BASH_ALIASES[$__sandbus_name]}"
  done
  builtin printf '\0end\0'
}

# What was declared and never set has attributes and no value; of names, bash lists only those with one.
__sandbus_write_valueless() {
  builtin local -a __sandbus_lines
  builtin mapfile -t __sandbus_lines <"$__sandbus_out/scratch"
  for __sandbus_text in "${__sandbus_lines[@]}"; do
    # A long one has a value, and a pattern over it would take several times its memory.
    ((${#__sandbus_text} < 4096)) || builtin continue
    [[ $__sandbus_text =~ ^declare\ -[a-zA-Z]+\ ([a-zA-Z_][a-zA-Z0-9_]*)$ ]] || builtin continue
    # The line may be part of a value.
    if __sandbus_is_kept "${BASH_REMATCH[1]}" && [[ ! -v ${BASH_REMATCH[1]} ]]; then
      builtin printf '%s\n' "$__sandbus_text"
    fi
  done
}

# Without those of this file: a later version of it must not meet its own older functions.
__sandbus_write_functions() {
  builtin declare -F >|"$__sandbus_out/scratch"
  __sandbus_names=()
  while builtin read -r _ __sandbus_flags __sandbus_name; do
    [[ $__sandbus_name == __sandbus_* || $__sandbus_name == trap ]] || __sandbus_names+=("$__sandbus_name")
  done <"$__sandbus_out/scratch"
  ((${#__sandbus_names[@]} == 0)) || builtin declare -f -- "${__sandbus_names[@]}"
  while builtin read -r _ __sandbus_flags __sandbus_name; do
    [[ $__sandbus_flags == -f || $__sandbus_name == __sandbus_* || $__sandbus_name == trap ]] ||
      builtin printf 'builtin declare %s -- %q\n' "$__sandbus_flags" "$__sandbus_name"
  done <"$__sandbus_out/scratch"
}

# The user's action runs at the top level and finds `$?` as the command left it. The backslash keeps aliases away.
__sandbus_at_exit='if { __sandbus_begin_exit; } &>/dev/null; then
  \builtin eval "$__sandbus_exit_action"
else
  { __sandbus_return_status; } &>/dev/null || \builtin eval "$__sandbus_exit_action"
fi
{ __sandbus_end_exit; } &>/dev/null
\builtin exit ${__sandbus_status+"$__sandbus_status"}'

builtin readonly -f trap
builtin shopt -s expand_aliases
builtin trap -- "$__sandbus_at_exit" EXIT
__sandbus_restore_directory
if [[ -r $__sandbus_in/definitions ]]; then builtin . "$__sandbus_in/definitions" 2>/dev/null; fi
__sandbus_enter
