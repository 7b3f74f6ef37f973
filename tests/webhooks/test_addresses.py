"""Where the hall writes to when a stranger names the place."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.webhooks.addresses import is_reachable

PUBLIC = ("8.8.8.8", "1.1.1.1", "101.226.4.6", "172.32.0.1", "100.128.0.1", "2400:3200::1", "2606:4700::1111")
# By the registries of IANA and what clouds have behind public-looking numbers.
INNER = (
    "0.0.0.0", "0.1.2.3",  # noqa: S104
    "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
    "168.63.129.16", "169.254.169.254", "169.254.0.23", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1",
    "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1", "fe80::1", "fe80::1%eth0", "2400:3200::1%1", "fec0::1",
    "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1", "100::1", "2001::1", "2001:db8::1", "2001:20::1", "2002:a00:1::1",
    "2002:808:808::1", "3fff::1", "5f00::1", "64:ff9b:1::a00:1", "2400:3200::5efe:a00:1", "2400:3200::200:5efe:808:808",
)  # fmt: skip
NO_ADDRESSES = ("", "localhost", "127.1", "0x7f000001", "2130706433", "017700000001", "8.8.8.8/32", "[::1]", "8.8.8.8 ")


@pytest.mark.parametrize("address", PUBLIC)
def test_public_hosts_are_reached(address: str) -> None:
    assert is_reachable(address)


@pytest.mark.parametrize("address", INNER)
def test_nothing_inside_is_reached(address: str) -> None:
    assert not is_reachable(address)


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_is_no_whole_address_is_refused(text: str) -> None:
    assert not is_reachable(text)


@pytest.mark.parametrize("address", [each for each in INNER if ":" not in each])
def test_an_inner_address_is_inner_however_it_is_wrapped(address: str) -> None:
    number = int(IPv4Address(address))
    for prefix in (0xFFFF << 32, 0x64FF9B << 96, 0, 0x2002 << 112 | number << 80 | 1):
        assert not is_reachable(str(IPv6Address(prefix | number)))


@given(st.ip_addresses())
def test_what_the_standard_library_calls_private_is_never_reached(address: IPv4Address | IPv6Address) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        wrapped = isinstance(address, IPv6Address) and str(address).startswith(("64:ff9b::", "::ffff:"))
        assert wrapped or not is_reachable(str(address))


@given(st.ip_addresses(v=4))
def test_an_address_behind_a_translator_is_as_good_as_itself(address: IPv4Address) -> None:
    behind = IPv6Address(0x64FF9B << 96 | int(address))
    mapped = IPv6Address(0xFFFF << 32 | int(address))
    assert is_reachable(str(behind)) == is_reachable(str(mapped)) == is_reachable(str(address))


def test_the_operator_may_open_one_inner_network_and_no_other() -> None:
    allowed = (ip_network("10.20.0.0/16"), ip_network("fd00:1::/64"))
    assert is_reachable("10.20.3.4", allowed)
    assert is_reachable("::ffff:10.20.3.4", allowed)
    assert is_reachable("fd00:1::7", allowed)
    assert not is_reachable("10.21.0.1", allowed)
    assert not is_reachable("169.254.169.254", allowed)
