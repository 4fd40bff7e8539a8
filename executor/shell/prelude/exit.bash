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
