"""Public codes (S-2026-000123) in a text: each stays on its line, where a browser would break it at its hyphens."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

# As ``log/codes.py`` makes them; ASCII, so that nothing else is taken for one.
CODE = re.compile(r"[SPATC]-[0-9]{4}-[0-9]{6}")


def whole_codes(text: Any) -> Markup:
    """``text`` escaped, with each code kept whole; HTML that is made already stays as it is."""
    if isinstance(text, Markup):
        return text
    plain = str(text)
    made, end = Markup(), 0
    for code in CODE.finditer(plain):
        made += plain[end : code.start()] + Markup('<span class="whole">{}</span>').format(code[0])
        end = code.end()
    return made + plain[end:]
