"""What a path reaches, asked of the same map that Flask asks."""

from __future__ import annotations

from flask import Flask
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from tracker.api.http.endpoint import ENDPOINTS, JSON
from tracker.domain.people import PUBLIC
from tracker.http.middleware import Route


class Routes:
    """The routes of an application. ``private`` names those beside REST that are no part of the public half."""

    def __init__(self, app: Flask, private: frozenset[str] = frozenset()) -> None:
        self._private = private
        self._map = app.url_map.bind("localhost")
        self._endpoints = {endpoint.operation: endpoint for endpoint in ENDPOINTS}

    def find(self, path: str) -> Route | None:
        """The route of a path, whatever the method; None where nothing is there."""
        operation = self._operation(path)
        if operation is None:
            return None
        endpoint = self._endpoints.get(operation)
        if operation in self._private:
            return Route(public=False)
        if endpoint is None:  # the contract, which describes everything but itself, and the pages
            kept = operation != "choose_language"  # what follows from the reader is made for each
            return Route(public=True, json=True, cached=kept)
        public = endpoint.permission == PUBLIC
        json = public and endpoint.produces == JSON
        return Route(public, json=json, cached=json and endpoint.cached)

    def methods(self, path: str) -> list[str]:
        """The methods that a path takes."""
        return sorted(self._map.allowed_methods(path))

    def _operation(self, path: str) -> str | None:
        try:
            return str(self._map.match(path, method="GET")[0])
        except MethodNotAllowed as error:
            method = next(iter(error.valid_methods or ()))
            return str(self._map.match(path, method=method)[0])
        except HTTPException:
            return None
