"""Which IP addresses are the open Internet's: the rest is never connected to. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

_V6 = ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are an address of version 4."""
_NAT64_LOCAL = ipaddress.IPv6Network("64:ff9b:1::/48")
"""RFC 8215: translated as whoever runs the network likes."""
_COMPATIBLE = ipaddress.IPv6Network("::/96")
"""RFC 4291 section 2.5.5.1, long given up; some systems still take these."""
_SITE_LOCAL = ipaddress.IPv6Network("fec0::/10")
_NOT = (_NAT64_LOCAL, _COMPATIBLE, _SITE_LOCAL)

_WITHIN: tuple[Callable[[_V6], ipaddress.IPv4Address | None], ...] = (
    lambda address: address.ipv4_mapped,
    lambda address: address.sixtofour,
    lambda address: address.teredo[1] if address.teredo else None,
    lambda address: ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None,
)
"""Ways in which an address of version 6 says one of version 4."""


def is_public(address: str) -> bool:
    """Whether `address` is one host of the open Internet: no loopback, private, link-local, shared, reserved,
    documentation or multicast address (IANA's special-purpose registries), and none that leads to such a one by way of
    version 6. One with a zone (`fe80::1%eth0`) is none.
    """
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(known, _V6):
        if known.scope_id or any(known in network for network in _NOT):
            return False
        inner = next((found for within in _WITHIN if (found := within(known)) is not None), None)
        if inner is not None:
            return _is_open(inner)
    return _is_open(known)


def _is_open(address: ipaddress.IPv4Address | _V6) -> bool:
    # `is_global` alone counts multicast and, before 3.13, reserved addresses of version 4 as open
    special = address.is_multicast or address.is_reserved or address.is_loopback or address.is_unspecified
    return address.is_global and not address.is_private and not address.is_link_local and not special
