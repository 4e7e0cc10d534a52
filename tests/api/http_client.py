"""Somebody at a desk who sends a POST, and sends it again."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.world import World
from tracker.store.database import db
from tracker.store.idempotency import ONCE
from tracker.store.organizations import Organization

KEY: Final = "6f1c2c5e-0000-4000-8000-000000000001"
PRESS: Final = {"slug": "new-press", "name": "The new press", "type": "media"}


class RepeatingClient:
    """Whoever sends POSTs with a key."""

    def __init__(self, app: Flask, world: World) -> None:
        self.app, self.world = app, world

    def send(
        self, body: Any = PRESS, key: str | None = KEY, by: str = "editor", path: str = "/v1/organizations"
    ) -> TestResponse:
        headers = self.world.headers(by) | ({} if key is None else {"Idempotency-Key": key})
        return self.app.test_client().post(path, json=body, headers=headers)

    def refused(self, code: str, status: int, **more: Any) -> TestResponse:
        answer = self.send(**more)
        assert (answer.status_code, answer.get_json()["type"]) == (status, f"/problems/{code}")
        return answer

    def organizations(self, slug: str = "new-press") -> int:
        with self.app.app_context():
            query = select(func.count()).select_from(Organization).where(Organization.slug == slug)
            found = db.session.scalar(query) or 0
            db.session.remove()
        return found

    def rows(self) -> list[Any]:
        with self.app.app_context():
            found = list(db.session.connection().execute(select(ONCE)))
            db.session.remove()
        return found
