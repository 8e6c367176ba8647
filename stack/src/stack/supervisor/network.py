"""How services reach the engines: directly, or through something that stands between them."""

from typing import Protocol

from events.broker import BrokerSettings


class Network(Protocol):
    """What each service is told instead of the engines' own addresses."""

    def database(self, service: str, dsn: str) -> str:
        """The address under which this service reaches its database."""
        ...

    def broker(self, service: str, settings: BrokerSettings) -> BrokerSettings:
        """The settings with which this service reaches the broker."""
        ...


class Direct:
    """Nothing stands between."""

    def database(self, service: str, dsn: str) -> str:
        """The database's own address."""
        return dsn

    def broker(self, service: str, settings: BrokerSettings) -> BrokerSettings:
        """The broker's own settings."""
        return settings
