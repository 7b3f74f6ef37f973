"""Which addresses of the network the hall may write to when a stranger names the place.

Everything that is not plainly a public host is refused (IANA's registries of special-purpose addresses, RFC 6890), an
IPv4 address that is wrapped in one of IPv6 as well; so nobody makes the hall knock at doors inside its own network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

_REFUSED_4 = [
    IPv4Network(each)
    for each in (
        "0.0.0.0/8",  # this host, RFC 791
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by a provider's customers, RFC 6598; a cloud's metadata stand there, too
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's inner services behind a public number
        "169.254.0.0/16",  # link-local, RFC 3927; metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",  # RFC 6890
        "192.0.2.0/24",  # documentation, RFC 5737
        "192.31.196.0/24",  # RFC 7535
        "192.52.193.0/24",  # RFC 7450
        "192.88.99.0/24",  # relays of 6to4, RFC 7526
        "192.168.0.0/16",
        "192.175.48.0/24",  # RFC 7534
        "198.18.0.0/15",  # benchmarks, RFC 2544
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and the broadcast
    )
]
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291, 2.4: nothing outside of it is given to hosts in public
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits
_REFUSED_6 = [
    IPv6Network(each)
    for each in (
        "2001::/23",  # protocols: Teredo, benchmarks, ORCHID … (RFC 2928)
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: wraps an IPv4 address, and has been given up (RFC 7526)
        "2620:4f:8000::/48",  # RFC 7534
        "3fff::/20",  # documentation, RFC 9637
    )
]
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: these 32 bits before an IPv4 address


def is_reachable(address: str, allowed: Iterable[Network] = ()) -> bool:
    """May the hall write to this address? ``allowed``: inner networks that the operator has opened for it. Also false
    for what is no address, and for one that names an interface (``fe80::1%eth0``)."""
    try:
        found = _unwrapped(ip_address(address))
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.scope_id is not None:
        return False
    return any(found.version == each.version and found in each for each in allowed) or _is_public(found)


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that a connection to this one of IPv6 would arrive at, where it is one."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_public(address: Address) -> bool:
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in each for each in _REFUSED_4)
    is_isatap = int(address) >> 32 & 0xFFFFFFFF in _ISATAP
    return address in _GLOBAL_UNICAST and not is_isatap and not any(address in each for each in _REFUSED_6)
