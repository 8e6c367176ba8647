"""A sealed field opens in its place only; equal texts share a blind index; masks keep little."""

import base64
import hmac
import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.cipher import CannotOpen, FieldCipher, Suite, mask_id, mask_name, mask_phone
from kit.keys import Keys, KeysBroken, Ring

KEYS = Keys.generate()
OTHER_KEYS = Keys.generate()
PLACE = ("registry", "persons", "name", "id-1")
suites = st.sampled_from(Suite)
texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(suites, texts)
def test_opening_gives_back_what_was_sealed(suite: Suite, text: str) -> None:
    cipher = FieldCipher(KEYS, suite)
    sealed = cipher.seal(*PLACE, text)
    assert sealed[0] == suite
    assert FieldCipher(KEYS).open(*PLACE, sealed) == text


@given(suites, st.text("甲乙丙丁", min_size=4))
def test_sealed_bytes_do_not_show_the_text_nor_repeat(suite: Suite, text: str) -> None:
    cipher = FieldCipher(KEYS, suite)
    first, second = cipher.seal(*PLACE, text), cipher.seal(*PLACE, text)
    assert first != second
    assert text.encode() not in first


@given(suites, st.integers(0, 3))
def test_another_purpose_table_column_or_row_does_not_open(suite: Suite, part: int) -> None:
    cipher = FieldCipher(KEYS, suite)
    elsewhere = [*PLACE]
    elsewhere[part] += "x"
    with pytest.raises(CannotOpen):
        cipher.open(*elsewhere, cipher.seal(*PLACE, "张三"))


@given(suites, st.data())
def test_changed_byte_does_not_open(suite: Suite, data: st.DataObject) -> None:
    cipher = FieldCipher(KEYS, suite)
    sealed = bytearray(cipher.seal(*PLACE, "张三"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotOpen):
        cipher.open(*PLACE, bytes(sealed))


@given(st.binary(max_size=60))
def test_any_bytes_are_opened_or_refused(sealed: bytes) -> None:
    with pytest.raises(CannotOpen):
        FieldCipher(KEYS).open(*PLACE, sealed)


def test_other_keys_do_not_open() -> None:
    with pytest.raises(CannotOpen):
        FieldCipher(OTHER_KEYS).open(*PLACE, FieldCipher(KEYS).seal(*PLACE, "张三"))


def test_after_a_rotation_old_fields_open_and_are_told_apart() -> None:
    old = FieldCipher(KEYS).seal(*PLACE, "张三")
    keys = {"k2": bytes(32), **KEYS.data.keys}
    rotated = FieldCipher(replace(KEYS, data=Ring("k2", keys)))
    assert rotated.open(*PLACE, old) == "张三"
    assert not rotated.is_current(old)
    assert rotated.is_current(rotated.seal(*PLACE, "张三"))
    assert not FieldCipher(rotated.keys, Suite.SM4_GCM).is_current(rotated.seal(*PLACE, "张三"))


@given(texts, texts)
def test_blind_index_is_the_same_for_the_same_text_only(first: str, second: str) -> None:
    cipher = FieldCipher(KEYS)
    assert (cipher.blind_index(first) == cipher.blind_index(second)) == (first == second)
    assert cipher.blind_index(first).startswith("k1:")
    assert cipher.blind_index(first) != FieldCipher(OTHER_KEYS).blind_index(first)


@given(texts)
def test_a_blind_index_is_the_hmac_of_the_text(text: str) -> None:
    key = KEYS.index.derive("k1", "blind-index")
    assert FieldCipher(KEYS).blind_index(text) == "k1:" + hmac.new(key, text.encode(), "sha256").hexdigest()


def test_blind_indexes_under_all_keys_while_rotating() -> None:
    index = Ring("k2", {"k2": bytes(32), **KEYS.index.keys})
    rotating = FieldCipher(replace(KEYS, index=index))
    assert FieldCipher(KEYS).blind_index("x") in rotating.blind_indexes("x")
    assert rotating.blind_index("x") in rotating.blind_indexes("x")


def test_keys_survive_their_file_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    KEYS.write(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Keys.load(file) == KEYS
    with pytest.raises(FileExistsError):
        OTHER_KEYS.write(file)


def test_keys_do_not_show_in_a_repr() -> None:
    [key] = KEYS.data.keys.values()
    FieldCipher(KEYS).seal(*PLACE, "x")
    shown = repr(KEYS)
    assert repr(key)[2:-1] not in shown
    assert base64.b64encode(key).decode() not in shown
    assert "_derived" not in shown


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"data": 1}', "not json"])
def test_broken_keys_file_is_refused_without_its_content(tmp_path: Path, content: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(content)
    with pytest.raises(KeysBroken, match=r"keys\.json"):
        Keys.load(file)


def test_short_key_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    ring = {"current": "k1", "keys": {"k1": base64.b64encode(b"short").decode()}}
    file.write_text(json.dumps({"data": ring, "index": ring, "tokens": ring}))
    with pytest.raises(KeysBroken):
        Keys.load(file)


def test_masks() -> None:
    assert [mask_name(name) for name in ("", "张", "张三", "张小三", "欧阳修远")] == ["", "*", "张*", "张*三", "欧**远"]
    assert mask_id("53012819900101123X") == "530128********123X"
    assert mask_phone("13812341234") == "138****1234"


@given(st.text(max_size=12))
def test_short_numbers_are_masked_whole(text: str) -> None:
    assert set(mask_id(text)) <= {"*"}
    assert len(mask_name(text)) == len(text)
