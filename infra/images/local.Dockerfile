# What compose.yaml runs beside the services: servers that stand for Cloud Storage and Cloud Run, executors as processes of the
# latter, what prepares all of it, and the command line. No deployment has it.
#
#   docker compose up
#
# The base is pinned by its version; give BASE_IMAGE with a digest to pin its bytes. Any Debian 12 with Node 24 will do.
ARG BASE_IMAGE=docker.io/library/node:24.21.0-bookworm-slim

FROM ${BASE_IMAGE} AS packages
WORKDIR /packages
COPY package.json package-lock.json ./
COPY infra/images/install-packages.sh /packages/
RUN ["/bin/bash", "/packages/install-packages.sh", "services"]

FROM ${BASE_IMAGE}
COPY infra/images/install-tools.sh /opt/install-tools.sh
RUN ["/bin/bash", "/opt/install-tools.sh"]
WORKDIR /opt/sandbus
COPY --from=packages /packages/node_modules ./node_modules
COPY package.json ./
COPY cli ./cli
COPY client ./client
COPY configuration ./configuration
COPY containers ./containers
COPY dead-letter ./dead-letter
COPY dispatcher ./dispatcher
COPY execution ./execution
COPY executor ./executor
COPY gcp ./gcp
COPY http ./http
COPY infra/components.ts infra/costs.ts infra/deployment.ts infra/firestore.ts infra/profiles.ts infra/topology.ts ./infra/
COPY local ./local
COPY logging ./logging
COPY result-collector ./result-collector
COPY retention ./retention
COPY schemas ./schemas
COPY service ./service
COPY signing ./signing
COPY workspace ./workspace
# A new volume takes its owner from here.
RUN ["/usr/bin/install", "-d", "-m", "0700", "-o", "65532", "-g", "65532", "/var/lib/sandbus"]
COPY infra/images/compile-executor.mjs ./
ENV NODE_COMPILE_CACHE=/opt/sandbus/node_modules/.cache/compile
RUN ["/usr/local/bin/node", "compile-executor.mjs"]
# compose.yaml makes an exception of the container that starts executors.
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/node", "--disable-warning=ExperimentalWarning"]
CMD ["cli/main.ts", "help"]
