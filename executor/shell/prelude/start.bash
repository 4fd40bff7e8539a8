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
