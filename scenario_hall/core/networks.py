"""Where a request comes from, as coarsely as is needed to count by it and to recognise it again."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# What one household or office usually has: a provider gives a customer a /56 of IPv6 (RFC 6177).
_PREFIX = {4: 24, 6: 56}


def network_of(address: str) -> str:
    """The network that an IP address lies in, such as ``203.0.113.0/24``; what is no address stays as it is."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:50]
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ip_network((found, _PREFIX[found.version]), strict=False))
