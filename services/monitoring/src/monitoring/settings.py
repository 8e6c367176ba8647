"""What a process of this service is told from outside."""

from pydantic import field_validator

from kit.settings import ServiceSettings

from .delivery.rules import Allowed


class Settings(ServiceSettings):
    """The settings every service has, and where alerts may be sent to.

    Attributes:
        delivery_allowed: hosts (`hooks.example`, `*.example`) and networks (`10.2.0.0/16`) parted by commas; an entry
            with `http://` before it may be reached without TLS. Empty = nowhere.
        link_base: address of this API as officers reach it; links in messages begin with it.
    """

    service: str = "monitoring"
    delivery_allowed: str = ""
    link_base: str = "/monitoring"

    @field_validator("delivery_allowed")
    @classmethod
    def _list_of_hosts(cls, value: str) -> str:
        Allowed.parse(value)
        return value
