"""What containers start from: secrets made once and kept, each in the folder of those who may see it."""

import stat
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
import pytest

from events.topology import SERVICES
from kit.keys import Keys
from kit.settings import ServiceSettings
from stack.containers.__main__ import VERBS
from stack.containers.databases import passwords
from stack.containers.secrets import Place, ensure_secrets
from stack.postgres import Postgres
from stack.postgres.databases import ROLES


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path, "postgres:5432")
    ensure_secrets(made)
    return made


def contents(place: Place) -> dict[str, str]:
    return {str(file.relative_to(place.root)): file.read_text() for file in place.root.rglob("*") if file.is_file()}


def test_secrets_are_made_once(place: Place) -> None:
    before = contents(place)
    ensure_secrets(place)
    assert contents(place) == before


def test_what_is_missing_is_made_again_and_the_keys_are_those_of_the_others(place: Place) -> None:
    keys = place.keys("finance").read_text()
    place.keys("finance").unlink()
    ensure_secrets(place)
    assert place.keys("finance").read_text() == keys
    assert {place.keys(service).read_text() for service in SERVICES} == {keys}
    Keys.load(place.keys("finance"))


def test_only_engines_of_other_users_may_read_along(place: Place) -> None:
    open_to_all = {file for file in place.root.rglob("*") if file.is_file() and file.stat().st_mode & stat.S_IROTH}
    assert open_to_all == {place.admin_password, place.cluster_id}
    assert len(place.cluster_id.read_text()) == 22


def test_a_process_finds_its_own_address_in_its_directory(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZENGSHOU_SECRETS_DIR", str(place.dsn("finance", "worker").parent))
    settings = ServiceSettings(service="finance")
    assert settings.dsn("worker") == place.dsn("finance", "worker").read_text()
    assert settings.app_dsn is None
    assert settings.owner_dsn is None
    monkeypatch.setenv("ZENGSHOU_WORKER_DSN", "postgresql://elsewhere/finance")
    assert ServiceSettings(service="finance").dsn("worker") == "postgresql://elsewhere/finance"


def test_every_role_has_a_password_of_its_own(place: Place) -> None:
    found = passwords(place)
    assert found.keys() == {f"{service}_{role}" for service in SERVICES for role in ROLES}
    assert len(set(found.values())) == len(found)


async def test_a_server_gives_roles_the_chosen_passwords_again(postgres: Postgres) -> None:
    chosen = {f"containers_{role}": f"p/{role}" for role in ROLES}
    for _ in range(2):
        server = Postgres(postgres.admin_dsn, chosen)
        dsns = server.create_service_database("containers")
        connection = await asyncpg.connect(dsns.app)
        assert await connection.fetchval("SELECT current_user") == "containers_app"
        await connection.close()
        assert unquote(urlsplit(dsns.app).password or "") == "p/app"
        server.drop_made()


def test_the_image_knows_what_compose_asks_for() -> None:
    assert {"api", "worker", "gateway", "migrations", "secrets", "databases", "token"} == set(VERBS)
