# The dispatcher, the result collector, the dead-letter service and the retention job: one image, and the program as its argument.
#
#   npm run images                                                             without a daemon
#   docker build -f infra/images/services.Dockerfile -t sandbus-services .     with one
#   docker run … sandbus-services result-collector/main.ts
#
# The base is pinned by its version; give BASE_IMAGE with a digest to pin its bytes. Any Debian 12 with Node 24 will do.
ARG BASE_IMAGE=docker.io/library/node:24.21.0-bookworm-slim

FROM ${BASE_IMAGE} AS packages
WORKDIR /packages
COPY package.json package-lock.json ./
COPY infra/images/install-packages.sh /packages/
RUN ["/bin/bash", "/packages/install-packages.sh", "services"]

FROM ${BASE_IMAGE}
WORKDIR /opt/sandbus
COPY --from=packages /packages/node_modules ./node_modules
COPY package.json ./
COPY configuration ./configuration
COPY containers ./containers
COPY dead-letter ./dead-letter
COPY dispatcher ./dispatcher
COPY execution ./execution
COPY gcp ./gcp
COPY http ./http
COPY infra/topology.ts ./infra/
COPY logging ./logging
COPY result-collector ./result-collector
COPY retention ./retention
COPY schemas ./schemas
COPY service ./service
COPY signing ./signing
COPY workspace ./workspace
# In a container loopback would be reached by nobody.
ENV DISPATCHER_HOST=0.0.0.0 COLLECTOR_HOST=0.0.0.0 DEAD_LETTER_HOST=0.0.0.0
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/node", "--disable-warning=ExperimentalWarning"]
CMD ["dispatcher/main.ts"]
