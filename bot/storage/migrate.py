"""Brings the database up to date: our tables, the queue's, and a schema for the engine."""

from pathlib import Path

from alembic import command
from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"


def config(url: str) -> Config:
    """Alembic's configuration, made here so that there is no second settings file."""
    made = Config()
    made.set_main_option("script_location", str(_FOLDER))
    made.set_main_option("path_separator", "os")
    made.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    return made


def migrate(url: str) -> None:
    """Apply every migration that is missing; safe to run again and from several machines."""
    command.upgrade(config(url), "head")
