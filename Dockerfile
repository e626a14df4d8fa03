# The store in a container: the package, and the definitions of this project.
FROM python:3.13-slim

# Any requirement that pip takes, such as the address of a wheel of your own.
ARG METRICS_STORE="metrics-store[server]==0.1.0"
# hadolint ignore=DL3013
RUN pip install --no-cache-dir "${METRICS_STORE}"

# What it writes is its own: dbt's artifacts and logs, and which alerts it has posted.
RUN useradd --create-home --uid 1000 store \
    && install --directory --owner=store --group=store \
        /store /store/target /store/logs /store/incidents
WORKDIR /store
COPY --chown=store:store . .
USER 1000

EXPOSE 8080 8081
CMD ["metrics", "serve", "--config", "deploy/server.yml"]
