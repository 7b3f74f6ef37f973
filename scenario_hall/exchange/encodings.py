"""Which encoding a file is in: UTF-8, UTF-16, GB 18030 or Big5, else what charset-normalizer finds."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

_SAMPLE = 200_000
# Share of wrong bytes below which a file is UTF-8 with damage, and not another encoding.
_DAMAGE = 0.002
# Share of null characters beyond which bytes are another encoding (UTF-16 has every second), and not a damaged text.
_NULLS = 0.3


class UndecodableError(ValueError):
    """The bytes are no text that can be told; ``line`` says where UTF-8 breaks, if it is UTF-8 at all."""

    def __init__(self, line: int | None = None) -> None:
        super().__init__("not decodable")
        self.line = line


def decode(data: bytes) -> tuple[str, str]:
    """The text and the encoding's name. Raises UndecodableError.

    Nearly all Big5 is also valid GB 18030, so both are tried and the one with more common characters wins.
    """
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)) and len(data) % 4 == 0:
        return _strictly(data, "utf-32"), "utf-32"
    if (unmarked := _utf32(data)) is not None:
        return unmarked
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(data, "utf-16"), "utf-16"
    if data.startswith(codecs.BOM_UTF8):
        return _utf8(data[3:]), "utf-8-sig"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if text.count("\0") > _NULLS * len(text):
            raise UndecodableError()
        return text, "utf-8"
    if _is_damaged_utf8(data):
        return _utf8(data), "utf-8"
    candidates = [
        (share, -place, read, name)
        for place, (name, codec) in enumerate((("gb18030", "gb18030"), ("big5", "big5hkscs")))
        if (read := _decoded(data, codec)) is not None and (share := _common_share(read, name)) > 0.5
    ]
    if candidates:
        _, _, text, name = max(candidates)
        return text, name
    best = from_bytes(data[:_SAMPLE]).best()
    if best is None or "\0" in str(best):
        raise UndecodableError()
    return _strictly(data, best.encoding), best.encoding


def _utf32(data: bytes) -> tuple[str, str] | None:
    """UTF-32 without a mark: of every four bytes one or two are null in the same place, whatever is written."""
    sample = data[: _SAMPLE - _SAMPLE % 4]
    if len(data) % 4 or len(data) < 8:
        return None
    for name, highest, next_highest in (("utf-32-le", 3, 2), ("utf-32-be", 0, 1)):
        if not any(sample[highest::4]) and max(sample[next_highest::4]) <= 0x10:
            text = _decoded(data, name)
            if text is not None:
                return text, name
    return None


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UndecodableError(data.count(b"\n", 0, error.start) + 1) from error


def _strictly(data: bytes, codec: str) -> str:
    text = _decoded(data, codec)
    if text is None:
        raise UndecodableError()
    return text.removeprefix("\ufeff")


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _is_damaged_utf8(data: bytes) -> bool:
    sample = data[:_SAMPLE].decode("utf-8", errors="replace")
    wide = sum(character >= "\u0800" for character in sample)
    wrong = sample.count("\ufffd")
    return wide - wrong > 20 and wrong <= max(1, _DAMAGE * len(sample))


def _common_share(text: str, name: str) -> float:
    """The share of everyday characters among the Chinese ones: level 1 of GB 2312 or of Big5, by their lead bytes."""
    codec, first, last = ("gb2312", 0xB0, 0xD7) if name == "gb18030" else ("big5", 0xA4, 0xC6)
    ideographs = [character for character in text[:20_000] if "\u3400" <= character <= "\u9fff" or character > "\uffff"]
    private = sum("\ue000" <= character <= "\uf8ff" for character in text[:20_000])
    if not ideographs:
        return 0.0
    leads = (character.encode(codec, errors="ignore")[:1] for character in ideographs)
    return sum(bool(lead) and first <= lead[0] <= last for lead in leads) / (len(ideographs) + private)
