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
  builtin local LC_ALL=C # fails where it is read-only, and the bytes are the same
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

# Without those of this file: a later version of it must not meet its own older functions. The lines are `declare -f… name`.
__sandbus_write_functions() {
  builtin local -a __sandbus_lines
  builtin declare -F >|"$__sandbus_out/scratch"
  builtin mapfile -t __sandbus_lines <"$__sandbus_out/scratch"
  __sandbus_names=()
  for __sandbus_text in "${__sandbus_lines[@]}"; do
    __sandbus_name=${__sandbus_text##* }
    [[ $__sandbus_name == __sandbus_* || $__sandbus_name == trap ]] || __sandbus_names+=("$__sandbus_name")
  done
  ((${#__sandbus_names[@]} == 0)) || builtin declare -f -- "${__sandbus_names[@]}"
  for __sandbus_text in "${__sandbus_lines[@]}"; do
    __sandbus_name=${__sandbus_text##* } __sandbus_flags=${__sandbus_text#declare }
    __sandbus_flags=${__sandbus_flags%% *}
    [[ $__sandbus_flags == -f || $__sandbus_name == __sandbus_* || $__sandbus_name == trap ]] ||
      builtin printf 'builtin declare %s -- %q\n' "$__sandbus_flags" "$__sandbus_name"
  done
}
