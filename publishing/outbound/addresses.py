"""Which addresses on the network a request that somebody else has named may go to: only public ones."""

import ipaddress
import socket

from django.utils.translation import gettext as _

# IPv6 has no other addresses that hosts of the web have (RFC 4291, section 4).
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_REFUSED = [
    ipaddress.ip_network(network)
    for network in (
        # Shared, benchmarks, protocol assignments (Oracle's metadata are at 192.0.0.192), relays to IPv6, reserved.
        "100.64.0.0/10", "198.18.0.0/15", "192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4",
        # Azure's metadata and health of hosts.
        "168.63.129.16/32",
        # IPv4 inside IPv6, which a gateway may unpack: Teredo, 6to4. 64:ff9b::/96 is outside of 2000::/3.
        "2001::/32", "2002::/16",
        # ORCHID and documentation, which older versions of Python call global.
        "2001:10::/28", "2001:20::/28", "2001:db8::/32", "3fff::/20",
    )
]  # fmt: skip


class NotPublic(OSError):
    """The name has no address, or one that is not public."""


def is_public(address: str) -> bool:
    """Whether an IP address in its usual form is one of the public internet, whatever the version of Python says."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 6 and ip not in _GLOBAL_UNICAST:
        # Also ::1, ::ffff:127.0.0.1, fe80::, fd00::, ff02::.
        return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _REFUSED)


def resolve(host: str, port: int, *, only_public: bool = True) -> list[str]:
    """The IP addresses of a host, all of them public. Raises NotPublic; waits as long as the system's resolver does.

    `2130706433`, `0x7f.1` and `127.1` are resolved to what they mean.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotPublic(_("There is no such host.")) from error
    addresses = list(dict.fromkeys(entry[4][0] for entry in found))
    if not addresses or (only_public and not all(map(is_public, addresses))):
        raise NotPublic(_("Its host is not on the public internet."))
    return addresses
