"""Compile the message catalogues; make the Traditional one from the Simplified with OpenCC (Hong Kong's characters).

Run by `make`; does nothing when the compiled catalogues are newer than their source.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from opencc import OpenCC

HERE = Path(__file__).parent
SOURCE = HERE / "zh_Hans" / "LC_MESSAGES" / "messages.po"
TARGET = HERE / "zh_Hant" / "LC_MESSAGES" / "messages.po"
PORTUGUESE = HERE / "pt" / "LC_MESSAGES" / "messages.po"
# The words of Hong Kong where conversion by character gives the mainland's.
HONG_KONG_WORDS = {
    "信息": "資訊",
    "网络": "網絡",
    "邮件": "電郵",
    "机器人": "機械人",
    "软件": "軟件",
    "登录": "登入",
    "退出": "登出",
}


def build() -> None:
    if is_newer_than(PORTUGUESE.with_suffix(".mo"), PORTUGUESE) and is_newer_than(TARGET.with_suffix(".mo"), SOURCE):
        return
    simplified = catalogue_in(SOURCE, "zh_Hans")
    converter = OpenCC("s2hk")
    traditional = Catalog(locale="zh_Hant", header_comment="# Made from zh_Hans by translations/build.py; do not edit.")
    for message in simplified:
        if message.id:
            forms = [message.string] if isinstance(message.string, str) else message.string or []
            made = tuple(converted(form, converter) for form in forms)
            traditional.add(message.id, made if message.pluralizable else made[0], flags=message.flags)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with TARGET.open("wb") as file:
        write_po(file, traditional, width=120)
    portuguese = catalogue_in(PORTUGUESE, "pt")
    for path, catalogue in ((SOURCE, simplified), (TARGET, traditional), (PORTUGUESE, portuguese)):
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


def is_newer_than(compiled: Path, source: Path) -> bool:
    return compiled.exists() and compiled.stat().st_mtime > max(source.stat().st_mtime, Path(__file__).stat().st_mtime)


def catalogue_in(path: Path, locale: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def converted(text: str, converter: OpenCC) -> str:
    for mainland, hong_kong in HONG_KONG_WORDS.items():
        text = text.replace(mainland, hong_kong)
    result: str = converter.convert(text)
    return result


if __name__ == "__main__":
    build()
