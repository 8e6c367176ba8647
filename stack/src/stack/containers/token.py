"""A token of a development department, asked for inside the gateway's container, where the client secrets lie."""

import json
import os
import sys

import httpx2

from ..gateway.settings import GatewaySettings

_PORT = "8700"


def print_token() -> None:
    """Write an access token of the department that `ZENGSHOU_DEPARTMENT` names (default `city-rural`).

    Raises:
        SystemExit: this gateway has no development issuer, or it refuses.
    """
    settings = GatewaySettings()
    if settings.profile != "embedded" or settings.clients_file is None:
        sys.exit("the development issuer serves the embedded profile only; ask your own issuer")
    department = os.environ.get("ZENGSHOU_DEPARTMENT", "city-rural")
    secret = json.loads(settings.clients_file.read_text()).get(department, "")
    answer = httpx2.post(
        f"http://127.0.0.1:{os.environ.get('ZENGSHOU_PORT', _PORT)}/oauth/token",
        data={"grant_type": "client_credentials"}, auth=(department, secret), timeout=10, trust_env=False,
    )  # fmt: skip
    if answer.is_error:
        sys.exit(f"the issuer refuses {department}: {answer.json()['error']}")
    sys.stdout.write(answer.json()["access_token"] + "\n")
