#!/bin/bash
# Puts into an image what the executor needs and what commands expect to find, and removes every trace of doing so. Only
# what the base has not yet is fetched.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

tools=(bash bubblewrap ca-certificates coreutils curl git procps python3 tini util-linux)
missing=()
for tool in "${tools[@]}"; do
  [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$tool" 2>/dev/null) == 'ii '* ]] || missing+=("$tool")
done
if ((${#missing[@]} > 0)); then
  apt-get -qq update
  apt-get -qq install -y --no-install-recommends "${missing[@]}"
fi

# For `--user sandbus`; commands run under numbers of their own.
getent passwd sandbus >/dev/null ||
  useradd --uid 65532 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin sandbus

# Where the walls of containers show a command its workspace.
mkdir -p /workspace

# Logs, lists and caches differ between two builds, and nothing reads them.
rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/cache/ldconfig/aux-cache \
  /var/lib/dpkg/*-old /var/log/* /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /root/.cache "$0"
