# One image for the whole platform; what a container runs is its command (python -m stack.containers --help).
# Where no registry can be reached, deploy/images/base-images makes the base image. Mirrors are the build's arguments:
# APT_MIRROR, PIP_INDEX_URL, UV_DEFAULT_INDEX; without them the usual places.
ARG BASE=debian:trixie-slim

FROM ${BASE} AS python
ARG APT_MIRROR
RUN if [ -n "${APT_MIRROR}" ]; then \
      rm -f /etc/apt/sources.list.d/*.sources; echo "deb ${APT_MIRROR} trixie main" >/etc/apt/sources.list; \
    fi \
 && apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates python3 tzdata \
 && rm -rf /var/lib/apt/lists/*

FROM python AS packages
ARG APT_MIRROR PIP_INDEX_URL PIP_TRUSTED_HOST UV_DEFAULT_INDEX
RUN apt-get update && apt-get install -y --no-install-recommends python3-venv && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY requirements.lock ./
COPY scripts/bootstrap-uv scripts/runtime_requirements.py scripts/
RUN sh scripts/bootstrap-uv python3 \
 && python3 scripts/runtime_requirements.py >runtime.lock \
 && .tools/bin/uv venv --quiet --python /usr/bin/python3 /app/venv \
 && .tools/bin/uv pip install --quiet --no-cache --compile-bytecode --python /app/venv/bin/python --require-hashes -r runtime.lock
COPY libs /app/libs
COPY services /app/services
COPY stack /app/stack
# The members are on the path as they lie: a service's migrations stand beside its package.
RUN for src in /app/libs/*/src /app/services/*/src /app/stack/src; do echo "$src"; done \
      >"$(/app/venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/zengshou.pth" \
 && /app/venv/bin/python -m compileall -q /app/libs /app/services /app/stack

FROM python
# One folder per volume of secrets, so that an empty volume takes over its owner.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin zengshou
COPY --from=packages /app /app
RUN install -d -o zengshou -g zengshou /run/zengshou \
 && /app/venv/bin/python -c 'from events.topology import SERVICES; print(*SERVICES, "own", "owners", "postgres", "kafka", "gateway")' \
    | xargs -n 1 | while read -r name; do install -d -o zengshou -g zengshou "/run/zengshou/$name"; done
ENV PATH=/app/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LANG=C.UTF-8 \
    ZENGSHOU_HOST=0.0.0.0 ZENGSHOU_PORT=8000
USER 10001:10001
WORKDIR /app
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=180s --retries=3 \
  CMD ["/usr/bin/python3", "-IS", "/app/stack/src/stack/containers/probe.py"]
ENTRYPOINT ["python", "-P", "-m", "stack.containers"]
