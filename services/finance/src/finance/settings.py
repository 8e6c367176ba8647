"""What a process of this service is told from outside."""

from kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """The settings every service has; finance needs no others."""

    service: str = "finance"
