"""Lines of the program's log: one JSON object each, which nothing that people send can break or imitate."""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

# The number of the request that is being answered; the reader of an error page finds its lines by it.
request_number: ContextVar[str] = ContextVar("request number", default="")


class JsonLines(logging.Formatter):
    """A record as one line of JSON: ``at`` (UTC, ISO 8601), ``level``, ``logger``, ``message``, ``request`` (the
    number of the one that is answered), ``error`` (a trace)."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := request_number.get():
            told["request"] = number
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return "".join(_shown(each) for each in json.dumps(told, ensure_ascii=False))


def log_to_stderr(level: int = logging.WARNING) -> None:
    """Write every record of ``level`` or above to standard error, those of the web server's own logger too."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
    root.setLevel(level)
    for logger in (root, logging.getLogger("gunicorn.error"), logging.getLogger("gunicorn.access")):
        for handler in logger.handlers:
            handler.setFormatter(JsonLines())


def _shown(character: str) -> str:
    # What ends a line, moves the cursor or turns the reading direction on some terminal is not printable.
    if character.isprintable():
        return character
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
