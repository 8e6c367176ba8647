"""A page token says where to go on, belongs to one list and one client, and cannot be made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.keys import Keys
from kit.paging import BadPageToken, PageRequest, decode, encode

from .conftest import CITY, DONGCHUAN, PINGSHAN, Client

KEYS = Keys.generate()
places = st.lists(st.text(st.characters(exclude_categories=["Cs"])) | st.integers() | st.none(), max_size=4).map(tuple)


@given(places, st.text(st.characters(exclude_categories=["Cs"])))
def test_decoding_gives_back_the_place(place: tuple[str | int | None, ...], of: str) -> None:
    assert decode(KEYS, encode(KEYS, place, of=of), of=of) == place


@given(places)
def test_token_of_another_list_or_other_keys_is_refused(place: tuple[str | int | None, ...]) -> None:
    token = encode(KEYS, place, of="/v1/notes")
    for keys, of in ((KEYS, "/v1/other"), (Keys.generate(), "/v1/notes")):
        with pytest.raises(BadPageToken):
            decode(keys, token, of=of)


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda raw: raw.hex()))
def test_no_text_makes_a_token(text: str) -> None:
    with pytest.raises(BadPageToken):
        decode(KEYS, text, of="/v1/notes")


@given(st.lists(st.integers(), unique=True, max_size=30).map(sorted), st.integers(1, 7))
def test_pages_give_every_row_once(rows: list[int], size: int) -> None:
    seen: list[int] = []
    after = None
    while True:
        asked = PageRequest(size, after, KEYS, "list")
        found = [row for row in rows if after is None or (row,) > after][: asked.limit]
        page = asked.page(found, show=lambda row: row, place=lambda row: (row,))
        seen += page.items
        if page.next_page_token is None:
            break
        after = decode(KEYS, page.next_page_token, of="list")
    assert seen == rows


async def test_a_client_walks_a_list_to_its_end(client: Client) -> None:
    walker = client.as_(paths=[CITY], sub="walker")
    for number in range(5):
        place = PINGSHAN if number % 2 else DONGCHUAN
        await walker.post("/v1/notes", {"title": f"walk {number}", "path": place})
    titles: list[str] = []
    token: str | None = ""
    while token is not None:
        query = {"page_size": "2", "title": "walk "} | ({"page_token": token} if token else {})
        page = (await walker.get("/v1/pages", params=query)).json()
        titles += [note["title"] for note in page["items"]]
        token = page["next_page_token"]
    assert titles == [f"walk {number}" for number in range(5)]


async def test_token_holds_only_with_its_filters_and_for_its_client(client: Client) -> None:
    for number in range(3):
        await client.post("/v1/notes", {"title": f"bound {number}", "path": PINGSHAN})
    token = (await client.get("/v1/pages?page_size=2&title=bound%20")).json()["next_page_token"]
    same = await client.get("/v1/pages", params={"page_token": token, "title": "bound ", "page_size": "5"})
    assert [note["title"] for note in same.json()["items"]] == ["bound 2"]
    for other in (
        await client.get("/v1/pages", params={"page_token": token}),
        await client.get("/v1/pages", params={"page_token": token, "title": "other"}),
        await client.as_(sub="somebody-else").get("/v1/pages", params={"page_token": token, "title": "bound "}),
    ):
        assert (other.status_code, other.json()["code"]) == (422, "bad-page-token")
