"""Keeps what is public in a hall as a file, by its change feed: Python's own library, nothing else.

    python examples/mirror_changes.py https://hall.example hall.json

The file has every public record by its code, and how far in the log it was read. It is replaced as a whole after each
page, so whoever stops this at any moment loses no more than the page that was being read; the next run goes on.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

MEMBERS = "code,link,state,revision,organization,content"


def fetch(address: str, form: str = "application/json") -> tuple[int, str]:
    """Status (200 or 410) and text; waits where the hall says to come again."""
    while True:
        try:
            with urlopen(Request(address, headers={"Accept": form}), timeout=60) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except HTTPError as error:
            if error.code == 410:
                return error.code, error.read().decode()
            if error.code not in (429, 503):
                raise
            time.sleep(int(error.headers.get("Retry-After", 10)))


def save(file: Path, state: dict[str, Any]) -> None:
    """Put the new state in the place of the old one, at once."""
    new = file.with_name(file.name + ".new")
    with new.open("w", encoding="utf-8") as opened:
        json.dump(state, opened, ensure_ascii=False)
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(file)


def look_again(hall: str, organization: int, records: dict[str, Any]) -> None:
    """All of an organisation's scenarios and products, as they are now."""
    for code in [code for code, each in records.items() if (each["organization"] or {}).get("id") == organization]:
        del records[code]
    for place in ("scenarios", "products"):
        query = f"organization={organization}&fields={MEMBERS}"
        _status, lines = fetch(f"{hall}/api/v1/{place}?{query}", "application/jsonl")
        records.update({each["code"]: each for each in map(json.loads, lines.splitlines())})


def step(hall: str, file: Path) -> bool:
    """Read one page and keep what it says; False at the end of the log."""
    state: dict[str, Any] = {"epoch": "", "after": 0, "records": {}}
    if file.exists():
        state = json.loads(file.read_text())
    epoch = f"&epoch={state['epoch']}" if state["epoch"] else ""
    status, text = fetch(f"{hall}/api/v1/changes?words=true&after={state['after']}{epoch}")
    page = json.loads(text)
    if status == 410:  # a backup was restored: what was read is not the hall's any more
        save(file, {**page["restart"], "records": {}})
        return True
    for record in page["records"]:
        state["records"].pop(record["code"], None)
        if record["is_public"]:
            state["records"][record["code"]] = {name: record[name] for name in MEMBERS.split(",")}
    for organization in {entry["organization"] for entry in page["entries"] if "organization" in entry}:
        look_again(hall, organization, state["records"])
    save(file, {"epoch": page["epoch"], "after": page["next"], "records": state["records"]})
    return bool(page["entries"])


if __name__ == "__main__":
    while step(sys.argv[1].rstrip("/"), Path(sys.argv[2])):
        pass
