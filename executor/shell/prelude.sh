# Restores what a session keeps of its shell where that is a plain sh, and records it afterwards:
#
#   SANDBUS_IN=$in SANDBUS_OUT=$out sh -c '. "$SANDBUS_IN/prelude.sh"' sh
#
# $in   session.sh   what the session and the request ask for, written by the executor; command, the command itself
# $out  state        what this command leaves; its grammar is in sh-state.ts
#
# What must stay true here:
# - Builtins only, as in prelude/restore.bash: nothing forks and PATH is not used.
# - Special builtins of sh (set, trap, unset, export, exit) are what they look like; the others may be functions of the command
#   until they are unset. Aliases count where a line is read, so no line is read after the command's.
# - Kept are directory, exported variables and umask. A plain sh cannot list functions; aliases and options are not kept either. A
#   command that takes the EXIT action for itself leaves a state where it runs to its end, and none where it exits before.

__sandbus_in=$SANDBUS_IN __sandbus_out=$SANDBUS_OUT
unset SANDBUS_IN SANDBUS_OUT

__sandbus_save() {
  unset -f printf pwd umask
  trap '' XFSZ
  {
    printf 'sandbus-sh-state 1\000status=%s\000cwd=' "$__sandbus_status"
    pwd
    printf '\000started=%s\000oldpwd=%s\000umask=' "$__sandbus_started" "${OLDPWD-}"
    umask
    printf '\000exports\000'
    export -p
    printf '\000end\000'
  } >|"$__sandbus_out/state"
}

__sandbus_at_exit() {
  __sandbus_status=$?
  set +eufvxn
  __sandbus_save
}

trap '{ \__sandbus_at_exit; } 2>/dev/null; \exit "$__sandbus_status"' EXIT
. "$__sandbus_in/session.sh"
. "$__sandbus_in/command"; { \__sandbus_at_exit; } 2>/dev/null; (\exit "$__sandbus_status")
