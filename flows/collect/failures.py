"""Why an address could not be had: one reason code and a sentence for each."""

from __future__ import annotations

from qantar.schema import FetchReason


class FetchError(Exception):
    """An address that was not had: a reason code, what was found and what to do about it."""

    def __init__(
        self, reason: FetchReason, detail: str, *, host_is_down: bool = False, asked: bool = True, status: int | None = None
    ) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.host_is_down = host_is_down
        """Whether the host did not answer at all."""
        self.asked = asked
        """Whether a request was made: where none was, it is not a failed try."""
        self.status = status
