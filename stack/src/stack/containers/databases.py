"""Makes each service's database and roles with the passwords that the secrets job chose; twice is once."""

from urllib.parse import quote, unquote, urlsplit

from events.topology import SERVICES

from ..postgres.databases import ROLES, Postgres
from .secrets import Place


def ensure_databases(place: Place) -> None:
    """Provision the server, as its administrator.

    Raises:
        OSError: it does not answer, or the secrets job has not run.
    """
    password = quote(place.admin_password.read_text(), safe="")
    server = Postgres(f"postgresql://postgres:{password}@{place.postgres}/postgres", passwords(place))
    for service in SERVICES:
        server.ensure_service_database(service, service)


def passwords(place: Place) -> dict[str, str]:
    """Role → password, as the processes will use them."""
    return {
        f"{service}_{role}": unquote(urlsplit(place.dsn(service, role).read_text()).password or "")
        for service in SERVICES
        for role in ROLES
    }
