"""Check the shape of the sources: how long files, functions and lines are, and that each is left to its formatter.

Run by `make lint`. OFFENDERS names what does not hold yet, a file or a file and its function; the list only shrinks:
naming what holds is a fault, too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.faults import ROOT, Fault, end_with

FILE_LINES = 400
FUNCTION_LINES = 59
TEMPLATE_COLUMNS = 160
IMPORTED_MODULES = 20
PYTHON_FOLDERS = ("scenario_hall", "tests", "tools", "translations", "benchmarks", "static")

OFFENDERS: dict[str, tuple[str, ...]] = {}

# A place in a file, what is wrong there, and the function in which it is, if it is one function's fault.
Found = Iterator[tuple[int, str, str]]


def file_length(_root: Path, path: Path) -> Found:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > FILE_LINES:
        yield lines, f"{lines} lines; at most {FILE_LINES} a file", ""


def function_length(_root: Path, path: Path) -> Found:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {lines} lines; at most {FUNCTION_LINES} a function", node.name


def imported_modules(root: Path, path: Path) -> Found:
    """Modules of ours that this one imports, counted one by one where several come from one package."""
    ours = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            ours |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = root.joinpath(*node.module.split("."), alias.name)
                is_module = inner.is_dir() or inner.with_suffix(".py").exists()
                ours.add(f"{node.module}.{alias.name}" if is_module else node.module)
    count = sum(name.split(".")[0] == "scenario_hall" for name in ours)
    if count > IMPORTED_MODULES:
        yield 1, f"imports {count} modules of ours; at most {IMPORTED_MODULES}", ""


def formatter_exceptions(_root: Path, path: Path) -> Found:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if re.search(r"#\s*fmt:\s*(skip|off)", line):
            yield number, "an exception for the formatter", ""


def template_lines(_root: Path, path: Path) -> Found:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if len(line) > TEMPLATE_COLUMNS:
            yield number, f"{len(line)} characters; at most {TEMPLATE_COLUMNS} a line", ""


def style_declarations(_root: Path, path: Path) -> Found:
    """Lines of a style sheet on which a second declaration begins."""
    source = path.read_text(encoding="utf-8")
    # Comments, texts and addresses are blanked: a semicolon or brace in them ends nothing.
    blank = re.sub(
        r"/\*.*?\*/|\"[^\"\n]*\"|'[^'\n]*'|url\([^)]*\)", lambda hit: re.sub(r"[^\n]", "_", hit[0]), source, flags=re.S
    )
    taken: set[int] = set()
    for piece in re.finditer(r"([^{};]+)[;}]", blank):
        text = piece[1].lstrip("_ \n\t")
        if ":" in text and not text.startswith("@"):
            number = blank.count("\n", 0, piece.end(1) - len(text)) + 1
            if number in taken:
                yield number, "a second declaration in one line", ""
            taken.add(number)


# The name of the rule, the check of one file, and the files that it is for.
Rule = tuple[str, Callable[[Path, Path], Found], tuple[tuple[str, str], ...]]
RULES: tuple[Rule, ...] = (
    ("file length", file_length, tuple((folder, "*.py") for folder in PYTHON_FOLDERS)),
    ("function length", function_length, (("scenario_hall", "*.py"),)),
    ("imported modules", imported_modules, (("scenario_hall", "*.py"),)),
    ("formatter exceptions", formatter_exceptions, (("scenario_hall", "*.py"),)),
    ("template lines", template_lines, (("templates", "*.*ml"),)),
    ("style declarations", style_declarations, (("static/css", "*.css"),)),
)


def faults_under(root: Path, offenders: dict[str, tuple[str, ...]]) -> Iterator[Fault]:
    for rule, check, places in RULES:
        listed = set(offenders.get(rule, ()))
        for path in sorted(path for folder, pattern in places for path in (root / folder).rglob(pattern)):
            name = path.relative_to(root)
            for line, what, function in check(root, path):
                offender = f"{name.as_posix()} {function}".rstrip()
                if offender in offenders.get(rule, ()):
                    listed.discard(offender)
                else:
                    yield Fault(name, line, what)
        for offender in sorted(listed):
            yield Fault(Path("tools/check_shape.py"), 1, f"{rule}: {offender} holds; take it out of OFFENDERS")


if __name__ == "__main__":
    end_with(faults_under(ROOT, OFFENDERS))
