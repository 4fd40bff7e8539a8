# A job: the executor, and the tools that commands find around them.
#
#   npm run images                                                             without a daemon
#   docker build -f infra/images/executor.Dockerfile -t sandbus-executor .     with one
#
# The base is pinned by its version; give BASE_IMAGE with a digest to pin its bytes. Any Debian 12 with Node 24 will do.
ARG BASE_IMAGE=docker.io/library/node:24.21.0-bookworm-slim

FROM ${BASE_IMAGE} AS packages
WORKDIR /packages
COPY package.json package-lock.json ./
COPY infra/images/install-packages.sh /packages/
RUN ["/bin/bash", "/packages/install-packages.sh", "executor"]

FROM ${BASE_IMAGE}
ARG SOURCE_DATE_EPOCH=0
COPY infra/images/install-tools.sh /opt/install-tools.sh
RUN ["/bin/bash", "/opt/install-tools.sh"]
WORKDIR /opt/sandbus
COPY --from=packages /packages/node_modules ./node_modules
COPY package.json ./
COPY configuration ./configuration
COPY execution ./execution
COPY executor ./executor
COPY gcp ./gcp
COPY infra/topology.ts ./infra/
COPY logging ./logging
COPY schemas ./schemas
COPY signing ./signing
COPY workspace ./workspace
COPY infra/images/compile-executor.mjs ./
ENV NODE_COMPILE_CACHE=/opt/sandbus/node_modules/.cache/compile
RUN ["/usr/local/bin/node", "compile-executor.mjs"]
# Root puts commands under a user that is not the executor's.
USER 0:0
# A first process that reaps what loses its parent, and passes SIGTERM on.
ENTRYPOINT ["/usr/bin/tini", "--", "/usr/local/bin/node", "--disable-warning=ExperimentalWarning", "/opt/sandbus/executor/main.ts"]
