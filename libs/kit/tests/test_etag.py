"""A change names the version it was made from."""

import pytest

from .conftest import PINGSHAN, Client


async def test_change_from_the_version_read_is_made(client: Client) -> None:
    made = await client.post("/v1/notes", {"title": "etag", "path": PINGSHAN})
    read = await client.get(f"/v1/notes/{made.json()['id']}")
    changed = await client.send(
        "PUT",
        f"/v1/notes/{made.json()['id']}",
        json={"title": "etag 2", "path": PINGSHAN},
        headers={"If-Match": read.headers["etag"]},
    )
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        (None, 428, "if-match-required"),
        ('"9"', 412, "version-changed"),
        ("*", 412, "version-changed"),
        ('W/"1"', 412, "version-changed"),
        ("1", 412, "version-changed"),
        ('"1", "2"', 412, "version-changed"),
    ],
)
async def test_change_from_another_version_is_refused(client: Client, header: str, status: int, code: str) -> None:
    made = await client.post("/v1/notes", {"title": f"refused {header}", "path": PINGSHAN})
    headers = {"If-Match": header} if header else {}
    body = {"title": "x", "path": PINGSHAN}
    answer = await client.send("PUT", f"/v1/notes/{made.json()['id']}", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["errors"][0]["pointer"] == "header:If-Match"
