"""The site of passkeys is that of the hall's own address, where browsers make passkeys for it at all."""

from __future__ import annotations

import pytest

from scenario_hall.organizations.relying_party import relying_party

SITES = {
    "https://hall.example": ("hall.example", "https://hall.example"),
    "https://HALL.example:443": ("hall.example", "https://hall.example"),
    "https://hall.example:8443/hall": ("hall.example", "https://hall.example:8443"),
    "https://Bücher.example": ("xn--bcher-kva.example", "https://xn--bcher-kva.example"),  # RFC 3492's kind of name
    "http://localhost:8000": ("localhost", "http://localhost:8000"),
    "http://localhost:80": ("localhost", "http://localhost"),
    "http://hall.example": None,
    "http://127.0.0.1:8000": None,
    "https://192.0.2.7": None,
    "https://[2001:db8::7]:8000": None,
    "https://a..example": None,
    "https://hall.example:port": None,
    "": None,
}


@pytest.mark.parametrize("address", SITES)
def test_the_site_is_that_of_the_hall_s_own_address(address: str) -> None:
    found = relying_party(address)
    assert (found and (found.id, found.origin)) == SITES[address]
