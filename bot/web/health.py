"""Health and metrics."""

import hmac

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from prometheus_client.registry import REGISTRY
from sqlalchemy import text

from bot.web.keys import APPLICATION
from bot.web.problems import problem

# What an operator is woken for lies in the database, not in one process: so any gateway can
# tell it, however many gateways and workers there are.
_GAUGES = (
    ("doorstep_jobs", "Jobs of the queue", ("task", "status"),
     "SELECT task_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2"),
    ("doorstep_conversations", "Conversations by who holds them", ("holder",),
     "SELECT holder, count(*) FROM conversations GROUP BY 1"),
    ("doorstep_oldest_job_seconds", "How long the oldest job that is due has waited", (),
     """SELECT coalesce(extract(epoch FROM now() - min(e.at)), 0) FROM procrastinate_jobs j
        JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
        WHERE j.status = 'todo' AND coalesce(j.scheduled_at, now()) <= now()"""),
)  # fmt: skip


def setup(app: web.Application) -> None:
    """Add /healthz and /metrics."""
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/metrics", metrics)


async def healthz(request: web.Request) -> web.Response:
    """200 while the gateway can reach the database, which is all it needs."""
    database = request.app[APPLICATION].database
    try:
        async with database.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except Exception as error:  # noqa: BLE001  whatever is wrong, the balancer has to know
        return web.json_response({"status": "failing", "why": type(error).__name__}, status=503)
    return web.json_response({"status": "ok"})


async def metrics(request: web.Request) -> web.Response:
    """Prometheus' text format: this process, and the installation's queue and conversations.

    401 without the token, where the settings have one.
    """
    if not _may_look(request):
        return problem(
            401, "The metrics token is wrong or missing", headers={"WWW-Authenticate": "Bearer"}
        )
    registry = CollectorRegistry()
    async with request.app[APPLICATION].database.engine.connect() as connection:
        for name, help_text, labels, query in _GAUGES:
            gauge = Gauge(name, help_text, labels, registry=registry)
            for *values, number in await connection.execute(text(query)):
                (gauge.labels(*values) if labels else gauge).set(float(number))
    body = generate_latest(REGISTRY) + generate_latest(registry)
    return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _may_look(request: web.Request) -> bool:
    token = request.app[APPLICATION].settings.metrics_token
    if token is None:
        return True
    given = request.headers.get("Authorization", "").encode(errors="surrogateescape")
    return hmac.compare_digest(given, f"Bearer {token.get_secret_value()}".encode())
