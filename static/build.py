"""Build what the pages load: the one style sheet (the icons that they use and our own files, each in its cascade
layer), the scripts and the drawings.

Run by `make`; does nothing when the files of these sources are there already. A name holds the content's hash, so
browsers may keep the file for ever; what is text lies beside it compressed, by brotli and by gzip, each as far as it
goes. Files of earlier builds are removed.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
from importlib.util import find_spec
from pathlib import Path

import brotli
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
ROOT = HERE.parent
SOURCES = HERE / "css"
TARGET = HERE / "built"
# A later layer wins over an earlier one, whatever the selectors. Its rules are css/<layer>.css, or all of css/<layer>/;
# those of the icons are made here.
LAYERS = ("icons", "tokens", "base", "components", "pages", "utilities", "motion", "print")
TEXTS = frozenset({"css", "js", "svg"})
ICON_RULE = re.compile(r'\.bi-([a-z0-9-]+)::before\{content:"\\([0-9a-f]+)"\}')
WORD = re.compile(r"""["']([a-z0-9-]+)["']""")
ICON_BASE = """@font-face {{
  font-family: icons;
  font-display: block;
  src: url("{font}") format("woff2");
}}
.bi::before {{
  display: inline-block;
  font: normal 400 1em/1 icons;
  vertical-align: -.125em;
}}"""


def build() -> None:
    made: set[str] = set()
    layers = [f"@layer {', '.join(LAYERS)};\n"]
    for layer in LAYERS:
        content = icon_rules(made) if layer == "icons" else "\n".join(map(content_of, files_of(layer)))
        layers.append(f"@layer {layer} {{\n{content}\n}}\n")
    made |= written("hall.css", '@charset "UTF-8";\n{}'.format("\n".join(layers)).encode())
    for path in loaded_files():
        made |= written(path.name, path.read_bytes())
    for path in TARGET.iterdir():
        if path.name not in made and not path.name.startswith("."):
            path.unlink(missing_ok=True)


def loaded_files() -> list[Path]:
    """Scripts and drawings, whose names differ in more than their folder."""
    return sorted([*(HERE / "js").glob("*.js"), *(HERE / "img").glob("*.svg")])


def files_of(layer: str) -> list[Path]:
    folder = SOURCES / layer
    return sorted(folder.glob("*.css")) if folder.is_dir() else [SOURCES / f"{layer}.css"]


def content_of(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()


def icons_folder() -> Path:
    """Where Bootstrap-Flask keeps the icons of Bootstrap."""
    found = find_spec("flask_bootstrap")
    if found is None or found.origin is None:
        raise SystemExit("static/build.py: Bootstrap-Flask is not installed; `make setup` installs it")
    return Path(found.origin).parent / "static" / "bootstrap5" / "css" / "font"


def icon_rules(made: set[str]) -> str:
    """The rules of the icons that the sources name, over a font that holds no others: 10 kB of 180."""
    folder = icons_folder()
    known = dict(ICON_RULE.findall((folder / "bootstrap-icons.min.css").read_text(encoding="utf-8")))
    used = sorted(words_of_sources() & known.keys())
    content = subset(folder / "fonts" / "bootstrap-icons.woff", [int(known[n], 16) for n in used])
    files = written("icons.woff2", content)
    made |= files
    (font,) = files
    rules = [f'.bi-{name}::before {{\n  content: "\\{known[name]}";\n}}' for name in used]
    return "\n".join([ICON_BASE.format(font=font), *rules])


def words_of_sources() -> set[str]:
    """Whatever stands in quotes in templates, scripts and modules: the names of icons are among them."""
    sources = [
        *(ROOT / "templates").rglob("*.html"),
        *(HERE / "js").glob("*.js"),
        *(ROOT / "scenario_hall").rglob("*.py"),
    ]
    words: set[str] = set()
    for path in sources:
        text = path.read_text(encoding="utf-8")
        words.update(WORD.findall(text))
        words.update(re.findall(r"\bbi-([a-z0-9-]+)", text))
    return words


def subset(path: Path, characters: list[int]) -> bytes:
    """The font with these characters alone; the same bytes each time."""
    options = Options()
    options.flavor = "woff2"
    options.layout_features = []
    with TTFont(path, recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=characters)
        subsetter.subset(font)
        font.flavor = "woff2"
        kept = io.BytesIO()
        font.save(kept)
    return kept.getvalue()


def written(name: str, content: bytes) -> set[str]:
    """Write the content under a name that holds its hash, what is text compressed too; the names of all of it."""
    stem, _dot, suffix = name.rpartition(".")
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}.{suffix}"
    files = {hashed: lambda: content}
    if suffix in TEXTS:
        files[f"{hashed}.br"] = lambda: brotli.compress(content, mode=brotli.MODE_TEXT, quality=11)
        files[f"{hashed}.gz"] = lambda: gzip.compress(content, compresslevel=9, mtime=0)
    for each, made in files.items():
        path = TARGET / each
        if not path.exists():
            TARGET.mkdir(exist_ok=True)
            partial = path.with_name(f".{path.name}.{os.getpid()}")
            partial.write_bytes(made())
            partial.replace(path)  # whole or not at all: two builds may run at once
    return set(files)


if __name__ == "__main__":
    build()
