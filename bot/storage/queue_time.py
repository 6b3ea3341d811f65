"""Jobs that wait for a time, when the sandbox moves time."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine


async def make_due(engine: AsyncEngine, by: timedelta) -> None:
    """Bring every waiting job nearer by as much as the clock was moved, and wake the workers.

    The queue runs by the database's clock, which nobody can move; see `Database`.
    """
    async with engine.begin() as connection:
        await connection.execute(
            text(
                "UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - :by"
                " WHERE status = 'todo' AND scheduled_at IS NOT NULL"
            ),
            {"by": by},
        )
        await connection.execute(
            text("SELECT pg_notify('procrastinate_any_queue_v1', :message)"),
            {"message": '{"type": "job_inserted", "job_id": 0}'},
        )
