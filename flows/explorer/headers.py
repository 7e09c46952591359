"""What every answer says to browsers, and which requests are answered at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.middleware.gzip import GZipMiddleware

from qantar.explorer.editor import MOST_FORM
from qantar.explorer.kept_answers import App, keeping

if TYPE_CHECKING:
    from qantar.explorer.published import KeptPages

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
DOCUMENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups"
"""For pages that are files of the build: they bring their style along, and may run nothing."""
DOCUMENTATION_POLICY = (
    CONTENT_SECURITY_POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'").replace(
        "style-src 'self'", "style-src 'self' 'unsafe-inline'"
    )
    + "; worker-src 'self'"
)
"""For the documentation, whose generator writes scripts and styles into its pages; what it shows comes from the repository alone."""
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "x-frame-options": "DENY",
}
METHODS = {"GET", "HEAD", "OPTIONS"}

SMALLEST = 1_000
"""Bytes below which an answer is not worth compressing."""


def guarded(app: App, taking_forms: frozenset[str] = frozenset(), pages: KeptPages | None = None) -> App:
    """An application that only reads, and whose answers let a browser load, run and send nothing but our own.

    `taking_forms` are the addresses that take a form of bounded size; what each is allowed to do is its own to check.
    `pages` is where answers of tables are kept; None where they change.
    """

    packed: App = GZipMiddleware(app, minimum_size=SMALLEST, compresslevel=3)
    compressed = packed if pages is None else keeping(packed, pages)

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        takes_form = scope["method"] == "POST" and scope["path"] in taking_forms
        if scope["method"] not in METHODS and not takes_form:
            await _refuse(send, 405, (b"allow", b"GET, HEAD, OPTIONS"))
            return
        if takes_form and not 0 <= _length(scope) <= MOST_FORM:
            await _refuse(send, 413, (b"connection", b"close"))
            return

        async def send_guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                ours = {**HEADERS, "content-security-policy": policy_of(scope["path"])}
                kept = [(k, v) for k, v in message.get("headers", []) if bytes(k).lower().decode("latin-1") not in ours]
                message = {**message, "headers": [*kept, *((k.encode(), v.encode()) for k, v in ours.items())]}
            await send(message)

        # Downloads are sent as they are: ranges count the file's own bytes.
        answer = app if scope["path"].startswith("/download/") else compressed
        await answer(scope, receive, send_guarded)

    return asgi


async def _refuse(send: Any, status: int, header: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [header, (b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


def _length(scope: Any) -> int:
    """How long the request says that its body is; -1 where it does not say."""
    given = [value for name, value in scope["headers"] if name.lower() == b"content-length"]
    return int(given[0]) if len(given) == 1 and given[0].isdigit() and len(given[0]) < 12 else -1


def policy_of(path: str) -> str:
    """What a browser may load, run and send on the page at this path."""
    if path.startswith("/download/"):
        return DOCUMENT_POLICY
    return DOCUMENTATION_POLICY if path.startswith("/docs/") else CONTENT_SECURITY_POLICY


def is_known(request: Any, etag: str) -> bool:
    """Whether a reader has this answer already: `If-None-Match` is `*`, or lists its tag, weak or not."""
    given = request.headers.get("if-none-match") or ""
    tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags
