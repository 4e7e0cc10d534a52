"""The usual stack, for one act: Flask, mapped objects, marshmallow. Beside it stands what an approval costs here.

It approves a status change that cites two items, durably, and does nothing else: it asks nobody who they are, looks at
no demand, and writes no audit, log, queue or public document.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from marshmallow import Schema, fields
from sqlalchemy import Engine, ForeignKey, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

WHERE = "BENCH_USUAL"
#: Changes of one recommendation stand together, as they do in the data of the tracker.
TOGETHER = 5


class Base(DeclarativeBase):
    pass


class Recommendation(Base):
    __tablename__ = "recommendation"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]


class Citation(Base):
    __tablename__ = "citation"
    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[str] = mapped_column(ForeignKey("status_change.id"), index=True)
    evidence: Mapped[str]


class StatusChange(Base):
    __tablename__ = "status_change"
    id: Mapped[str] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey(Recommendation.id), index=True)
    state: Mapped[str]
    before: Mapped[str | None]
    decision: Mapped[str]
    reason: Mapped[str]
    recommendation: Mapped[Recommendation] = relationship()
    citations: Mapped[list[Citation]] = relationship()


class CitationOut(Schema):
    evidence = fields.String()


class StatusChangeOut(Schema):
    id = fields.String()
    state = fields.String()
    before = fields.String()
    decision = fields.String()
    reason = fields.String()
    citations = fields.List(fields.Nested(CitationOut))


class DecisionIn(Schema):
    decision = fields.String(required=True)


def fill(path: Path, changes: int) -> list[str]:
    """Make a database with this many proposals; their ids."""
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    ids = [f"chg_{number:06d}" for number in range(changes)]
    with Session(engine) as session, session.begin():
        session.add_all(
            Recommendation(id=number, state="underway") for number in range(changes // TOGETHER + 1)
        )
        session.add_all(
            StatusChange(
                id=id,
                recommendation_id=number // TOGETHER,
                state="stalled",
                decision="proposed",
                reason="Because. " * 22,
                citations=[Citation(evidence=f"evd_{number}_{place}") for place in range(2)],
            )
            for number, id in enumerate(ids)
        )
    engine.dispose()
    return ids


def serving() -> Flask:
    """The application as a server starts it."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{os.environ[WHERE]}"
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"timeout": 60}}
    db = SQLAlchemy(app, model_class=Base)
    with app.app_context():
        _write_durably(db.engine)

    @app.post("/v1/status-changes/<id>/decision")
    def decide(id: str) -> dict[str, Any]:
        decided: dict[str, str] = DecisionIn().load(request.get_json())
        change = db.session.get_one(StatusChange, id)
        change.decision = decided["decision"]
        change.before, change.recommendation.state = change.recommendation.state, change.state
        db.session.commit()
        said: dict[str, Any] = StatusChangeOut().dump(change)
        return said

    return app


def _write_durably(engine: Engine) -> None:
    """As the tracker does: a write-ahead log, each commit on the disk, the lock taken before anything is read."""

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
