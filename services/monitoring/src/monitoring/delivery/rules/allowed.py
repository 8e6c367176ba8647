"""Where alerts may be sent to: the operator's list of hosts and networks. Pure; names are resolved by the caller."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, Self

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_PLAIN: Final = "http://"
_MAPPED: Final = IPv6Network("::ffff:0:0/96")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_LAST_32: Final = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Entry:
    """许可项: a host, the hosts below a domain (`*.kunming.example`), or a network; `plain` = also without TLS."""

    name: str | None
    network: Network | None
    plain: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """One entry of the list.

        Raises:
            ValueError: it is empty, or neither host nor network.
        """
        plain = text.startswith(_PLAIN)
        word = text.removeprefix(_PLAIN).strip().lower().rstrip(".")
        try:
            return cls(None, _as_ipv4(ip_network(word, strict=False)), plain)
        except ValueError:
            if not word or not set(word) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-*") or "*" in word[1:]:
                raise ValueError(f"neither host nor network: {text!r}") from None
            return cls(word, None, plain)

    def names(self, host: str) -> bool:
        """Whether the entry is about this host."""
        if self.network is not None:
            address = literal(host)
            return address is not None and address in self.network
        if self.name is not None and self.name.startswith("*."):
            return host.endswith(self.name[1:])
        return host == self.name


@dataclass(frozen=True, slots=True)
class Allowed:
    """许可名单: nothing is allowed that it does not name."""

    entries: tuple[Entry, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """The list of a setting: entries parted by commas.

        Raises:
            ValueError: an entry is neither host nor network.
        """
        return cls(tuple(Entry.parse(part.strip()) for part in text.split(",") if part.strip()))

    def names(self, host: str) -> bool:
        """Whether a target may be at this host."""
        return any(entry.names(host) for entry in self.entries)

    def plain(self, host: str) -> bool:
        """Whether this host may be reached without TLS."""
        return any(entry.plain and entry.names(host) for entry in self.entries)

    def admits(self, host: str, addresses: Iterable[str]) -> bool:
        """Whether the addresses that a host has right now may be connected to.

        A listed name that suddenly leads to this machine or to link-local addresses, where clouds keep their
        credentials, is refused unless the list has that network too.
        """
        found = [ip_address(address.partition("%")[0]) for address in addresses]
        return self.names(host) and bool(found) and all(self._admits(address) for address in map(_unwrapped, found))

    def _admits(self, address: Address) -> bool:
        if any(entry.network is not None and address in entry.network for entry in self.entries):
            return True
        return not (
            address.is_loopback
            or address.is_link_local
            or address.is_multicast
            or address.is_unspecified
            or address.is_reserved
        )


def literal(host: str) -> Address | None:
    """The address that a host is written as; None where it is a name."""
    try:
        return _unwrapped(ip_address(host))
    except ValueError:
        return None


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for: mapped, 6to4 or NAT64."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & _LAST_32)
    return address.ipv4_mapped or address.sixtofour or address


def _as_ipv4(network: Network) -> Network:
    """A network of mapped addresses is the network they stand for, as addresses are looked at so."""
    if isinstance(network, IPv4Network) or not network.subnet_of(_MAPPED):
        return network
    return IPv4Network((int(network.network_address) & _LAST_32, network.prefixlen - _MAPPED.prefixlen))
