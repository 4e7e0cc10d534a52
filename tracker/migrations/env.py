"""Run by Alembic: hands it the connection that `tracker.migrations` opened."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON

from tracker.migrations import METADATA, ours
from tracker.store.base import UtcInstant


def render(kind: str, thing: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own types as the plain ones they are made of: a migration does not change with our code."""
    if kind == "type" and isinstance(thing, UtcInstant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=list(METADATA),
    transactional_ddl=True,
    compare_type=True,
    render_item=render,
    include_object=ours,
)
context.run_migrations()
