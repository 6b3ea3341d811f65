# The product: gateway, worker, clock, actions and the one-shot migrate are the same image, told
# apart by the command. Nothing secret is in it; settings come from the environment.

FROM ghcr.io/astral-sh/uv:0.13.9 AS uv

FROM python:3.12-slim-bookworm AS build
COPY --from=uv /uv /bin/uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --no-dev
COPY bot bot
COPY actions actions
RUN .venv/bin/python -m compileall -q bot actions

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /tmp --shell /usr/sbin/nologin doorstep
WORKDIR /app
COPY --from=build /app /app
# A volume that is mounted here for the first time takes over whose it is.
RUN mkdir -p var/media && chown doorstep var/media
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    GATEWAY_HOST=0.0.0.0 \
    ACTIONS_HOST=0.0.0.0 \
    LOG_JSON=true \
    DOORSTEP_ALIVE=/tmp/alive \
    RASA_TELEMETRY_ENABLED=false
USER doorstep
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-m", "bot.run.health", "http://127.0.0.1:8080/healthz"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["gateway"]
