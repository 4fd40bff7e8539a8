#!/bin/bash
# Leaves in node_modules what an image needs to run, as package-lock.json pins it:
#
#   install-packages.sh executor | services      in a folder with package.json and package-lock.json
set -euo pipefail

# `--userconfig` and the cache stay those of whoever runs this; nothing of them goes into node_modules.
quietly=(--ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error)
npm ci --omit=dev --omit=optional "${quietly[@]}"

# An executor publishes, and knows nothing else of Google.
if [[ $1 == executor ]]; then
  npm uninstall --omit=dev --omit=optional "${quietly[@]}" \
    @google-cloud/firestore @google-cloud/run @google-cloud/storage @grpc/proto-loader protobufjs
fi

# Nobody reads these where programs only run.
find node_modules -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' -o -name '*.md' \) -delete
rm -rf node_modules/.package-lock.json node_modules/.cache
