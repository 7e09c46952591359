"""Prefect's server with the routes that a run asks for; the others are made when one is asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_ID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class LateRoutes:
    """An application whose routes are made at once where a run asks for them, the others when one is asked for, if ever.

    FastAPI takes two milliseconds for each (`PrefectRouter.add_api_route`, and once more when its part is first asked), and a run asks for
    a tenth of them.
    """

    ASKED = frozenset(
        {
            *("GET /ready", "GET /admin/storage", "GET /admin/version", "GET /csrf-token", "POST /artifacts/"),
            *("GET /flows/{id:uuid}", "POST /flows/"),
            *("GET /flow_runs/{id:uuid}", "POST /flow_runs/", "POST /flow_runs/{id:uuid}/set_state"),
        }
    )

    def __init__(self, make: Callable[..., None]) -> None:
        self.app: Any = None
        self._make, self._kept = make, list[tuple[tuple[Any, ...], dict[str, Any]]]()

    def keep(self, router: Any, path: str, endpoint: object, **options: Any) -> None:
        """Make a route that is asked for; keep what another is made of."""
        if self.ASKED.isdisjoint(f"{method} {router.prefix}{path}" for method in options.get("methods") or ()):
            self._kept.append(((router, path, endpoint), options))
        else:
            self._make(router, path, endpoint, **options)

    async def __call__(self, scope: dict[str, Any], receive: object, send: object) -> None:
        """Answer a request."""
        if self._kept and scope["type"] == "http" and not self._is_asked(scope):
            kept, self._kept = self._kept, []
            for arguments, options in kept:
                self._make(*arguments, **options)
        await self.app(scope, receive, send)

    def _is_asked(self, scope: dict[str, Any]) -> bool:
        path = _ID.sub("{id:uuid}", scope["path"]).removeprefix("/api")
        return f"{scope['method']} {path}" in self.ASKED
