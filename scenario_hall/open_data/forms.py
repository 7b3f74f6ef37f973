"""A dataset's rows of one year, lying as JSON lines, in the other forms: so all forms have the same rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from scenario_hall.config import Settings
from scenario_hall.exchange.writing import ListFormat, write_table
from scenario_hall.open_data.datasets import Dataset
from scenario_hall.open_data.ocds import write_package

Write = Callable[[Dataset, Path, Path, Settings], None]


def rows_of(lines: Path) -> Iterator[dict[str, Any]]:
    """The rows, one by one, as they were written."""
    with lines.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _cells(dataset: Dataset, row: Mapping[str, Any]) -> dict[str, object]:
    """The row as a table's cells: requirements and specifications as an import reads them, other lines as JSON."""
    return {name: _cell(dataset, name, value) for name, value in row.items()}


def _cell(dataset: Dataset, name: str, value: Any) -> object:
    if not isinstance(value, list) or not any(isinstance(each, dict) for each in value):
        return value
    if name in dataset.lines:
        return [dataset.lines[name].model_validate(each) for each in value]
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _table(form: ListFormat) -> Write:
    def write(dataset: Dataset, lines: Path, target: Path, _settings: Settings) -> None:
        write_table((_cells(dataset, row) for row in rows_of(lines)), dataset.columns, form, target)

    return write


def _package(_dataset: Dataset, lines: Path, target: Path, settings: Settings) -> None:
    write_package(lines, target, settings)


FORMS: Mapping[str, Write] = {"csv": _table(ListFormat.CSV), "xlsx": _table(ListFormat.XLSX), "json": _package}
