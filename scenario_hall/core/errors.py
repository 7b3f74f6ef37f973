"""The errors that services raise; the pages and the command line each render them in one place.

An error carries a message (an English message id) and the values that fill it, so that a page can
show it in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenario_hall.core.texts import N_


class HallError(Exception):
    """An error that the caller can read and act on."""

    status = 400
    title = N_("This could not be done")
    retry_after: int | None = None  # seconds after which the same may succeed

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


class Denied(HallError):
    """The actor may not do this."""

    status = 403
    title = N_("Not allowed")

    def __init__(self, message: str = N_("You may not do this."), **values: object) -> None:
        super().__init__(message, **values)


class NotFound(HallError):
    """There is no such record, or the actor may not know of it."""

    status = 404
    title = N_("Not found")

    def __init__(self, message: str = N_("There is no such page or record."), **values: object) -> None:
        super().__init__(message, **values)


class Invalid(HallError):
    """Input that breaks a rule; ``fields`` says which field and why (field name → message)."""

    status = 422
    title = N_("Please check what you entered")

    def __init__(
        self,
        fields: Mapping[str, str],
        message: str = N_("Something is missing or wrong. Each field says what to do."),
        **values: object,
    ) -> None:
        super().__init__(message, **values)
        self.fields = dict(fields)

    def __str__(self) -> str:
        faults = "; ".join(
            f"{field}: {reason % self.values if self.values else reason}" for field, reason in self.fields.items()
        )
        return f"{super().__str__()} ({faults})" if faults else super().__str__()


class WrongState(HallError):
    """The lifecycle has no such action in the record's state."""

    status = 409
    title = N_("Not possible now")


class AlreadyExists(HallError):
    """Another record conflicts with this one."""

    status = 409
    title = N_("This conflicts with another record")


class StaleEdit(HallError):
    """The record was changed by somebody else since the actor opened it; nothing was overwritten."""

    status = 409
    title = N_("Somebody else has changed this in the meantime")

    def __init__(self, current: Any) -> None:
        super().__init__(
            N_("Somebody else changed this after you opened it. Nothing was overwritten: compare, then save again.")
        )
        self.current = current


class TooMany(HallError):
    """A limit was reached."""

    status = 429
    title = N_("Too many attempts")

    def __init__(self, message: str, *, retry_after: int, **values: object) -> None:
        super().__init__(message, **values)
        self.retry_after = retry_after


class Unavailable(HallError):
    """Another program that the hall needs does not answer now. No event is at fault: readers wait for it, however long;
    pages do without it or say so."""

    status = 503
    title = N_("Not available just now")
    retry_after = 10


class StaleCursor(Exception):
    """A reader's stored cursor is not where its batch began: another worker went on, or all was built anew. Not for
    people: the runtime reads the cursor again."""
