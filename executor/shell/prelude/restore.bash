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
# It is one text, of the parts in this folder, each the ground of those after it: restore, trap, exit, save, start (shell-input.ts).
#
# What must stay true in all of them:
# - Builtins only: nothing forks and PATH is not used, so a broken PATH breaks nothing and a save costs under 2 ms.
# - Every word after the definitions were restored stands inside a function, because functions are parsed before the
#   session's aliases exist.
# - After them no name without `__sandbus_` in front is assigned, also no local one, because the session may have made it read-only.
#   So text is read by `mapfile`, which needs no IFS. PWD and OLDPWD never come read-only.
# - The executor never evaluates what is written here. Only a shell behind the same wall does.
#
# Known limits stand in test/executor/shell/tricky-commands.jsonl and docs/session-state.md; where the shell leaves nothing, the
# state before stays.

__sandbus_in=$SANDBUS_IN __sandbus_out=$SANDBUS_OUT __sandbus_level=$BASH_SUBSHELL __sandbus_given=
# Hard limits come before anything of the session; a lower one that is in force already stays.
for __sandbus_text in $SANDBUS_ULIMITS; do builtin ulimit "-${__sandbus_text%%=*}" "${__sandbus_text#*=}" 2>/dev/null; done
builtin unset BASH_ENV SANDBUS_IN SANDBUS_OUT SANDBUS_ULIMITS

# The directory to start in. The session's own may be gone: a command before this one may have removed it.
__sandbus_restore_directory() {
  builtin local -a __sandbus_read
  if [[ -r $__sandbus_in/session-cwd && ! -r $__sandbus_in/request-cwd ]]; then
    builtin mapfile -d '' -t __sandbus_read <"$__sandbus_in/session-cwd"
    CDPATH='' builtin cd -- "${__sandbus_read[0]}" &>/dev/null || {
      builtin cd -- "$HOME"
      builtin printf "sandbus: the directory '%s' is gone, starting in %s\n" "${__sandbus_read[0]}" "$HOME" >&2
    }
  fi
  if [[ -r $__sandbus_in/session-oldpwd ]]; then
    builtin mapfile -d '' -t __sandbus_read <"$__sandbus_in/session-oldpwd"
    OLDPWD=${__sandbus_read[0]}
  fi
}

# The last step before the command: what the request alone asks for, then the session's options. Those come at the very
# end because `set -e`, `-u` and `-x` would act on this file.
__sandbus_enter() {
  builtin local "__sandbus_oldpwd=${OLDPWD-}"
  builtin local -a __sandbus_read
  __sandbus_started=$PWD
  if [[ -r $__sandbus_in/request-env ]]; then
    builtin mapfile -d '' -t __sandbus_read <"$__sandbus_in/request-env"
    for __sandbus_text in "${__sandbus_read[@]}"; do
      __sandbus_given+=" ${__sandbus_text%%=*} "
      builtin declare -p -- "${__sandbus_text%%=*}"
    done 2>/dev/null >|"$__sandbus_out/scratch"
    builtin mapfile -d '' __sandbus_definitions_before <"$__sandbus_out/scratch"
    for __sandbus_text in "${__sandbus_read[@]}"; do
      builtin export -- "$__sandbus_text" 2>/dev/null ||
        builtin printf "sandbus: '%s' is read-only in this session\n" "${__sandbus_text%%=*}" >&2
    done
  fi
  if [[ -r $__sandbus_in/request-cwd ]]; then
    builtin mapfile -d '' -t __sandbus_read <"$__sandbus_in/request-cwd"
    # It is absolute, so CDPATH, which may be read-only, has no say.
    if ! builtin cd -- "${__sandbus_read[0]}" &>/dev/null; then
      builtin printf "sandbus: cannot change to directory '%s'\n" "${__sandbus_read[0]}" >&2
      builtin exit 1
    fi
    OLDPWD=$__sandbus_oldpwd
    __sandbus_started=$PWD
  fi
  if [[ -r $__sandbus_in/options ]]; then __sandbus_restore_options; fi
}

# `options` holds SHELLOPTS: the options that were on. Those that a new shell has on are turned off unless they are named.
__sandbus_restore_options() {
  builtin mapfile -d '' -t __sandbus_read <"$__sandbus_in/options"
  for __sandbus_text in braceexpand hashall interactive-comments; do
    [[ :${__sandbus_read[0]}: == *:$__sandbus_text:* ]] || builtin set +o "$__sandbus_text"
  done
  # One redirected group, so that no trace of xtrace itself is shown once it is on.
  {
    for __sandbus_text in allexport braceexpand emacs errtrace functrace hashall histexpand ignoreeof interactive-comments \
      keyword noclobber noglob nolog notify physical pipefail privileged vi errexit nounset posix xtrace; do
      if [[ :${__sandbus_read[0]}: == *:$__sandbus_text:* ]]; then builtin set -o "$__sandbus_text"; fi
    done
  } 2>/dev/null
}
