#!/bin/bash
# Stands in for /usr/local/gcp/bin/sandbox, Cloud Run's launcher of sandboxes, on a machine without it: the same verbs and
# flags, over bubblewrap. It is as unpleasant as the original was seen to be:
#
# - `do` ends with the program's exit code, and writes a line of its own to stderr when that is not 0;
# - the program finds PATH empty, HOME=/root and nothing of the caller's environment, is root, and has no network;
# - the root is a view of this machine that can only be read, so what is readable here is readable there;
# - killing `do` or `exec` leaves the sandbox and what runs in it;
# - `exec` loses the exit code;
# - `delete` kills a running sandbox and reports a failure; `delete --force` hangs, and kills nothing.
#
# The folder `running` beside this file (the tests copy it into one of their own) has one file for each sandbox that runs: the
# number of its first process. What the original does with a destination of a mount that its root does not have is not
# known; here it is made.

set -u
PATH=/usr/local/bin:/usr/bin:/bin
state=$(dirname "$(readlink -f "$0")")/running
mkdir -p "$state"

fail() {
  echo "Error: $1" >&2
  exit "${2:-1}"
}

verb=${1:-}
shift
name= workdir=/ write= detach= force= allow_egress=
mounts=() variables=() program=() words=()
while (($# > 0)); do
  case $1 in
    --) shift && program=("$@") && break ;;
    --sandbox-name | --mount | --env | -e | --workdir | -w | --rootfs)
      (($# > 1)) || fail "flag needs an argument: $1"
      option=$1 value=$2
      shift 2
      ;;
    --sandbox-name=* | --mount=* | --env=* | --workdir=*) option=${1%%=*} value=${1#*=} && shift ;;
    --write | --detach | --force | --allow-egress) option=$1 value= && shift ;;
    -*) fail "unknown flag: $1" ;;
    *) words+=("$1") && shift && continue ;;
  esac
  case $option in
    --sandbox-name) name=$value ;;
    --mount) mounts+=("$value") ;;
    --env | -e) variables+=("$value") ;;
    --workdir | -w) workdir=$value ;;
    --write) write=1 ;;
    --detach) detach=1 ;;
    --force) force=1 ;;
    --allow-egress) allow_egress=1 ;;
    --rootfs) fail 'the stand-in has no --rootfs' ;;
  esac
done

# Sets `options`: those of bwrap.
describe_sandbox() {
  local entry mount source destination readonly part
  options=(--unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup-try --as-pid-1 --cap-add ALL --clearenv
    --setenv PATH '' --setenv HOME /root --tmpfs /)
  if [[ ! $allow_egress ]]; then options+=(--unshare-net); fi
  for entry in /*; do
    case $entry in
      /proc | /dev | /workspace | /sandbus-*) ;;
      *) if [[ -L $entry ]]; then options+=(--symlink "$(readlink "$entry")" "$entry"); else options+=(--ro-bind "$entry" "$entry"); fi ;;
    esac
  done
  options+=(--proc /proc --dev /dev)
  for mount in "${mounts[@]}"; do
    source= destination= readonly=
    IFS=, read -r -a parts <<<"$mount"
    for part in "${parts[@]}"; do
      case $part in
        type=bind) ;;
        source=*) source=${part#*=} ;;
        destination=*) destination=${part#*=} ;;
        readonly) readonly=1 ;;
        *) fail "invalid mount: $mount" ;;
      esac
    done
    [[ $source == /* && $destination == /* ]] || fail "a mount needs absolute paths: $mount"
    if [[ $readonly ]]; then options+=(--ro-bind "$source" "$destination"); else options+=(--bind "$source" "$destination"); fi
  done
  [[ $write ]] || options+=(--remount-ro /)
  for part in "${variables[@]}"; do options+=(--setenv "${part%%=*}" "${part#*=}"); done
  options+=(--chdir "$workdir")
}

start_sandbox() {
  [[ ${program[0]:-} == /* ]] || fail "executable file not found in \$PATH: ${program[0]:-}"
  ((EUID == 0)) || fail 'open /var/run/netns: permission denied'
  describe_sandbox
  /usr/bin/setsid /usr/bin/bwrap "${options[@]}" -- "${program[@]}" &
  echo $! >"$state/$name"
}

# The number of the sandbox's first process, as this machine counts.
first_process() {
  local outer
  outer=$(<"$state/$1") 2>/dev/null || return
  pgrep -P "$outer" | head -n 1
}

: "${name:=sandbox-$$}"
case $verb in
  do)
    start_sandbox <&0
    wait $!
    status=$?
    rm -f "$state/$name"
    ((status == 0)) || fail "failed to exec in container: exit status $status" "$status"
    ;;
  run)
    start_sandbox </dev/null
    [[ $detach ]] || wait $!
    ;;
  exec)
    first=$(first_process "${words[0]:-}")
    [[ $first ]] || fail "sandbox ${words[0]:-} does not exist"
    /usr/bin/setsid /usr/bin/nsenter -t "$first" -m -p -n -i -u /usr/bin/env -i HOME=/root PATH= "${program[@]}" &
    wait $! || fail 'failed to exec in container'
    ;;
  delete)
    first=$(first_process "${words[0]:-}")
    if [[ ! $first ]]; then
      rm -f "$state/${words[0]:?}"
      fail "sandbox ${words[0]} does not exist"
    fi
    if [[ $force ]]; then exec /usr/bin/sleep 120; fi
    kill -KILL "$first"
    rm -f "$state/${words[0]}"
    fail "cannot delete container that is not stopped"
    ;;
  *) fail "unknown command \"$verb\" for \"sandbox\"" ;;
esac
