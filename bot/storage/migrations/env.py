"""Alembic's environment."""

from alembic import context
from sqlalchemy import create_engine, text

from bot.storage.tables import metadata

# "doorstep", as a number: two migrations at once wait for each other.
_LOCK = 0x646F6F72


def _run() -> None:
    engine = create_engine(context.config.attributes["url"])
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            include_name=_ours,
            compare_server_default=False,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
        connection.commit()
    engine.dispose()


def _ours(name: str | None, kind: str, parents: object) -> bool:
    del parents
    return kind != "table" or not (name or "").startswith("procrastinate_")


_run()
