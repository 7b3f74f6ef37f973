"""Find half-width punctuation beside Chinese characters in what the hall itself says.

Run by `make lint`. The hall speaks Chinese in its catalogue, in templates, in Python texts and in data files. Folders
that read or hold what other people write are left out: patterns, names of columns, words of queries, the
demonstration's own texts. In code and templates only a text that is mostly Chinese counts, so that an English sentence
may name a Chinese term.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from tools.faults import ROOT, Fault, end_with
from translations.messages import catalogue_path, read_catalogue

HOLDS_WORDS_OF_OTHERS = {"demonstration", "exchange", "language", "matching", "quantities", "search"}
HAN = "[\u3400-\u9fff\U00020000-\U0003ffff]"
HALF_WIDTH = r"""(?:[,;:?!()"']|\.(?![a-z0-9]))"""  # .xlsx is a name
BESIDE_HAN = re.compile(f"(?<={HAN}) ?{HALF_WIDTH}|{HALF_WIDTH} ?(?={HAN})")
NUMBERING = re.compile(r"^\d+\. ")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
PATTERN = re.compile(r"\\|\(\?|\[")
# A template's pieces: between tags, quotes and Jinja's braces; what stands in <code> is typed as it is.
CODE = re.compile(r"<code>.*?</code>|\{#.*?#\}", re.DOTALL)
PIECE = re.compile(r'[^<>{}"\n]+')


def marks_in(text: str) -> list[str]:
    """The half-width marks beside Chinese characters, each with what stands around it; a placeholder counts as one."""
    if not re.search(HAN, text):
        return []
    read = NUMBERING.sub("", PLACEHOLDER.sub("值", text))
    return [read[max(hit.start() - 6, 0) : hit.end() + 6] for hit in BESIDE_HAN.finditer(read)]


def is_mostly_chinese(text: str) -> bool:
    return len(re.findall(HAN, text)) > len(re.findall("[A-Za-z]", text))


def faults_in_catalogue(path: Path) -> Iterator[tuple[int, str]]:
    for message in read_catalogue("zh_Hans", path.parents[3]):
        if message.id:
            forms = message.string if isinstance(message.string, list | tuple) else [message.string]
            yield from ((message.lineno or 1, mark) for form in forms for mark in marks_in(str(form)))


def faults_in_template(path: Path) -> Iterator[tuple[int, str]]:
    source = CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), path.read_text(encoding="utf-8"))
    for piece in PIECE.finditer(source):
        if is_mostly_chinese(piece[0]):
            line = source.count("\n", 0, piece.start()) + 1
            yield from ((line, mark) for mark in marks_in(piece[0]))


def faults_in_module(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # Column headers of lists are spelt as offices write them, apart by commas.
    headers = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "headers"
        for part in ast.walk(node.value)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in headers:
            text = node.value
            if is_mostly_chinese(text) and not PATTERN.search(text):
                yield from ((node.lineno, mark) for mark in marks_in(text))


def faults_in_data(path: Path) -> Iterator[tuple[int, str]]:
    """Those of a JSON file, line by line: each of its texts stands in one line."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for literal in re.findall(r'"(?:[^"\\]|\\.)*"', line):
            yield from ((number, mark) for mark in marks_in(json.loads(literal)))


def faults_under(root: Path) -> Iterator[Fault]:
    product = root / "scenario_hall"
    read = [(faults_in_catalogue, catalogue_path("zh_Hans", root))]
    read += [(faults_in_template, path) for path in (root / "templates").rglob("*.*ml")]
    for check, pattern in ((faults_in_module, "*.py"), (faults_in_data, "*.json")):
        paths = [
            path for path in product.rglob(pattern) if HOLDS_WORDS_OF_OTHERS.isdisjoint(path.relative_to(product).parts)
        ]
        read += [(check, path) for path in paths]
    for check, path in read:
        for line, mark in check(path):
            yield Fault(path.relative_to(root), line, f"half-width punctuation beside Chinese: …{mark}…")


if __name__ == "__main__":
    end_with(faults_under(ROOT))
