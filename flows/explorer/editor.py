"""`qantar serve --edit`: who may change `raw/corrections.csv` by the browser, and how it is changed.

Off by default. A change is answered only to a form of this server's own: its `Origin` is this machine's (or the address that the user says
stands behind a log-in), and its token belongs to the cookie that the browser was given with the form. Other machines' names that lead
here, as in an attack by DNS, are not an origin.
"""

from __future__ import annotations

import hmac
import ipaddress
import os
import secrets
import shlex
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import CookieError
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from qantar.corrections.corrections_file import Corrections, cells_of, change_corrections, load_corrections, make_fix
from qantar.corrections.edit_log import find_taken_out, log_changes
from qantar.corrections.fixes import Fix
from qantar.corrections.own_folder import check_folder
from qantar.explorer.correction_lines import Listed, list_lines
from qantar.explorer.history_copy import state_of
from qantar.explorer.translation import gettext
from qantar.settings import CORRECTIONS_FILE, QantarError

COOKIE = "qantar_edit"
NAME_COOKIE = "qantar_by"
EDITS = (
    *("/edit/correct", "/edit/undo", "/edit/restore"),
    *("/edit/audit/start", "/edit/audit/judge", "/edit/audit/keep", "/edit/audit/correct"),
)
"""The addresses that take a form; without an editor there is none of them."""
MOST_FORM = 256 * 1024
"""Bytes of a form."""
_SEVERAL = {("duplicates", "joined"), ("duplicates", "apart"), ("entities", "split"), ("sentences", "join")}
"""Fields of which a row may have several corrections that are all right."""

Waiting = dict[tuple[str, str], list[Listed]]


@dataclass(kw_only=True)
class Editor:
    """What may be changed by the browser, and by whom."""

    raw: Path
    out: Path
    origin: str | None = None
    """The address behind a log-in by which people come; None for this machine alone."""
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _read: tuple[Any, Corrections] | None = None
    _known: tuple[Any, list[Listed], Waiting] | None = None

    @property
    def build_command(self) -> str:
        """The command that builds this folder."""
        options = [("--raw", self.raw, "raw"), ("--out", self.out, "processed")]
        return " ".join(["qantar build", *(f"{name} {shlex.quote(str(path))}" for name, path, usual in options if str(path) != usual)])

    @property
    def is_secure(self) -> bool:
        """Whether people come by https, so that cookies are for it alone."""
        return (self.origin or "").startswith("https://")

    def token(self, cookie: str) -> str:
        """What a form must bring along with this cookie."""
        return hmac.new(self.secret, cookie.encode(), "sha256").hexdigest()

    def trouble(self, request: Any, token: str) -> str | None:
        """Why a form is not answered; None where it is this server's own, in the browser that it was given to."""
        headers = request.headers
        origin = headers.get("origin") or ""
        ours = self.origin or f"http://{headers.get('host')}"
        if origin != ours or (self.origin is None and not is_loopback(urlsplit(origin).hostname or "")):
            return gettext(
                "This form was not sent from a page of this server. Open the page by the address that the server was started with."
            )
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return gettext("This form was sent from another site.")
        cookie = cookies_of(request).get(COOKIE, "")
        if not cookie or not hmac.compare_digest(self.token(cookie).encode(), token.encode("utf-8", "replace")):
            return gettext("This form is too old, or cookies are blocked. Go back, load the page again and send the form once more.")
        return None

    # --- what stands in the file ---------------------------------------------------------------------------------

    # A file of many lines takes seconds: these read it again only when it has changed, and are called in a thread.

    def read(self) -> Corrections:
        """What corrections.csv holds, and what of it is no correction."""
        state, known = state_of(self.raw / CORRECTIONS_FILE), self._read
        if known is None or known[0] != state:
            known = self._read = state, load_corrections(self.raw)
        return known[1]

    def lines(self, build: Path) -> list[Listed]:
        """The lines of corrections.csv beside what became of them in a build; those taken out since then, too."""
        return self._listed(build)[0]

    def waiting(self, build: Path) -> Waiting:
        """The lines that wait for the next build, and those taken out, by the table and id of their row."""
        return self._listed(build)[1]

    def _listed(self, build: Path) -> tuple[list[Listed], Waiting]:
        state, known = (build, *state_of(self.raw / CORRECTIONS_FILE)), self._known
        if known is None or known[0] != state:
            lines, waiting = list_lines(build, self.read().fixes), Waiting()
            for line in lines:
                if line.is_waiting and line.row_id:
                    waiting.setdefault((line.fix.table, line.row_id), []).append(line)
            known = self._known = state, lines, waiting
        return known[1:]

    # --- changes -------------------------------------------------------------------------------------------------

    def correct(self, build: Path, table: str, row_id: str, fix: Fix) -> Fix:
        """Add a correction of a row. An earlier one that it contradicts goes, and it takes over its anchor: the row as it was found."""
        earlier = [
            line.fix
            for line in self.lines(build)
            if line.in_file and (line.fix.table, line.row_id) == (table, row_id) and _yields(line.fix, fix)
        ]
        if earlier:
            old = earlier[0]
            start, end = ("" if place is None else str(place) for place in (old.start, old.end))
            fix = make_fix([old.document, table, start, end, old.text, *cells_of(fix)[5:]])
        if fix.id not in {old.id for old in earlier}:
            self.change(adding=[fix], removing={old.id for old in earlier})
        return fix

    def change(self, *, adding: Iterable[Fix] = (), removing: Collection[str] = ()) -> tuple[list[Fix], list[Fix]]:
        """Take corrections out and add others, in one step, and log it; returns those added and those taken out.

        Raises QantarError where the file cannot be changed.
        """
        new, gone = change_corrections(self.raw, adding=adding, removing=removing)
        entries = [("took out", fix) for fix in gone] + [("added", fix) for fix in new]
        if entries:
            log_changes(self.out, entries)
        return new, gone

    def restore(self, fix_id: str) -> Fix:
        """Put back a correction that was taken out by the browser.

        Raises QantarError where the log has none of this id.
        """
        fix = find_taken_out(self.out, fix_id)
        if fix is None:
            raise QantarError(gettext("this line is not in the log of changes; add it to raw/corrections.csv by hand"))
        self.change(adding=[fix])
        return fix


def _yields(old: Fix, new: Fix) -> bool:
    """Whether an earlier correction of a row cannot stand beside a new one of the same row."""
    if (old.table, old.field) in _SEVERAL or (new.table, new.field) in _SEVERAL:
        return old.table == "duplicates" and old.value == new.value and old.field != new.field
    return old.field == new.field or "delete" in (old.field, new.field)


def is_loopback(host: str) -> bool:
    """Whether a name stands for this machine alone.

    >>> [is_loopback(host) for host in ("localhost", "127.0.0.1", "::1", "0.0.0.0", "news.example.org")]
    [True, True, True, False, False]
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def cookies_of(request: Any) -> dict[str, str]:
    """The cookies of a request; none where they cannot be read."""
    try:
        return dict(request.cookies)
    except CookieError:
        return {}


def check_editor(raw: Path, out: Path, host: str, behind_login: str | None) -> Editor:
    """The editor of a folder.

    Raises QantarError where it may not be: the folder cannot be written or is that of another corpus, or others can reach the server and
    nobody said that they log in.
    """
    if not raw.is_dir() or not os.access(raw, os.W_OK | os.X_OK):
        raise QantarError(f"{raw}: --edit writes corrections there, and it is not a folder that can be written to; name yours with --raw")
    check_folder(raw, out / "latest")
    if behind_login is None:
        if not is_loopback(host):
            raise QantarError(
                f"--edit lets whoever reaches {host} change the dataset; listen on 127.0.0.1, or put a web server with a log-in before it "
                "and give its address: --behind-login https://news.example.org"
            )
        return Editor(raw=raw, out=out)
    address = urlsplit(behind_login)
    if address.scheme not in ("https", "http") or not address.netloc or address.path.strip("/") or address.query:
        raise QantarError(f"--behind-login is {behind_login!r}; give the address by which people come, as in https://news.example.org")
    return Editor(raw=raw, out=out, origin=f"{address.scheme}://{address.netloc.lower()}")


def today() -> str:
    """The day, in UTC."""
    return datetime.now(UTC).date().isoformat()
