"""Build the one style sheet that the pages load: Bootstrap, its icons and our own files, each in its cascade layer.

Run by `make`; does nothing when the sheet of these sources is there already. The name holds the content's hash, so
browsers may keep it for ever. Files of earlier builds are removed.
"""

from __future__ import annotations

import hashlib
import os
import re
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
SOURCES = HERE / "css"
TARGET = HERE / "built"
# A later layer wins over an earlier one, whatever the selectors. Its rules are css/<layer>.css, or all of css/<layer>/.
LAYERS = ("reset", "framework", "tokens", "base", "components", "pages", "motion", "print")
FRAMEWORK = ("bootstrap.min.css", "font/bootstrap-icons.min.css")
# These may stand at the head of a file only, not inside a layer; the map of the source is not served.
HEAD_ONLY = re.compile(r'@charset "[^"]*";|/\*# sourceMappingURL=.*?\*/', re.IGNORECASE)
LOCAL_URL = re.compile(r"""url\(["']?(?!["']?data:)([^"')?#]+)[^)]*\)""")


def build() -> None:
    copied: set[str] = set()
    layers = [f"@layer {', '.join(LAYERS)};\n"]
    for layer in LAYERS:
        content = "\n".join(content_of(path, copied) for path in files_of(layer))
        layers.append(f"@layer {layer} {{\n{content}\n}}\n")
    sheet = written("hall.css", '@charset "UTF-8";\n{}'.format("\n".join(layers)).encode())
    for path in TARGET.iterdir():
        if path.name not in {sheet, *copied} and not path.name.startswith("."):
            path.unlink(missing_ok=True)


def files_of(layer: str) -> list[Path]:
    if layer == "framework":
        return [framework_folder() / name for name in FRAMEWORK]
    folder = SOURCES / layer
    return sorted(folder.glob("*.css")) if folder.is_dir() else [SOURCES / f"{layer}.css"]


def framework_folder() -> Path:
    """Where Bootstrap-Flask keeps Bootstrap's style sheets."""
    found = find_spec("flask_bootstrap")
    if found is None or found.origin is None:
        raise SystemExit("static/build.py: Bootstrap-Flask is not installed; `make setup` installs it")
    return Path(found.origin).parent / "static" / "bootstrap5" / "css"


def content_of(path: Path, copied: set[str]) -> str:
    """The file's rules, with the files that it names copied beside the sheet and named anew."""

    def copy(match: re.Match[str]) -> str:
        source = path.parent / match[1]
        name = written(source.name, source.read_bytes())
        copied.add(name)
        return f'url("{name}")'

    return LOCAL_URL.sub(copy, HEAD_ONLY.sub("", path.read_text(encoding="utf-8"))).strip()


def written(name: str, content: bytes) -> str:
    """Write the content under a name that holds its hash; the name."""
    stem, _dot, suffix = name.rpartition(".")
    path = TARGET / f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}.{suffix}"
    if not path.exists():
        TARGET.mkdir(exist_ok=True)
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        partial.write_bytes(content)
        partial.replace(path)  # whole or not at all: two builds may run at once
    return path.name


if __name__ == "__main__":
    build()
