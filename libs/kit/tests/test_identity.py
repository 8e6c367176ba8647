"""Certificate numbers as people type them, and as spreadsheets spoil them."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import ric

from events.catalog.households import Sex
from kit.errors import Invalid
from kit.identity import (
    CertificateChecksum,
    CertificateDamaged,
    CertificateDate,
    CertificateKind,
    normalise_certificate,
)

ON = date(2023, 10, 15)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check_digit(digits: str) -> str:
    """By the table of GB 11643, not by the library under test."""
    return "10X98765432"[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11]


@st.composite
def numbers(draw: st.DrawFn) -> str:
    area = draw(st.integers(110_000, 659_999))
    born = draw(st.dates(date(1900, 1, 1), ON))
    digits = f"{area:06d}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return digits + check_digit(digits)


@st.composite
def typings(draw: st.DrawFn) -> tuple[str, str]:
    """A number and one of the ways it is typed."""
    number = draw(numbers())
    typed = draw(st.sampled_from([number, number.lower(), number.translate(FULL_WIDTH)]))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(typed)))
        typed = typed[:at] + draw(st.sampled_from([" ", "\u3000", "\u00a0", "\t", "\n", "\ufeff", "'"])) + typed[at:]
    return number, typed


FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@given(typings())
def test_every_way_of_typing_gives_the_same_number(typing: tuple[str, str]) -> None:
    number, typed = typing
    read = normalise_certificate(typed, on=ON)
    assert (read.id18, read.kind) == (number, CertificateKind.RESIDENT)
    assert read.birth_date == date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    assert read.sex == (Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


@given(numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_no_single_wrong_digit_passes(number: str, at: int, digit: str) -> None:
    assume(digit != number[at])
    with pytest.raises(Invalid):
        normalise_certificate(number[:at] + digit + number[at + 1 :], on=ON)


@given(numbers(), st.integers(0, 16))
def test_no_two_digits_swapped_pass(number: str, at: int) -> None:
    assume(number[at] != number[at + 1])
    with pytest.raises(Invalid):
        normalise_certificate(number[:at] + number[at + 1] + number[at] + number[at + 2 :], on=ON)


@given(numbers(), st.sampled_from("1234567"), st.sampled_from("1234"), st.sampled_from(["", "B1", "b2"]))
def test_disability_certificate_names_the_same_person(number: str, category: str, grade: str, again: str) -> None:
    read = normalise_certificate(number + category + grade + again, on=ON)
    assert (read.id18, read.kind) == (number, CertificateKind.DISABILITY)
    assert (read.disability, read.grade) == (category, grade)


@given(numbers())
def test_what_a_spreadsheet_makes_of_it_is_recognised(number: str) -> None:
    assume(number.isdigit())
    kept = number[:15] + "000"
    spoilt = {f"{int(number):.5E}", f"{int(number):.14E}", f"{float(number)}", f"{int(number):.4e}", f"{kept}.0"}
    if kept != number and check_digit(kept[:17]) != "0":
        spoilt.add(kept)
    for text in spoilt:
        with pytest.raises(CertificateDamaged):
            normalise_certificate(text, on=ON)


@given(st.text(max_size=30) | st.text("0123456789Xx. E+", max_size=24))
def test_any_text_is_read_or_refused_with_a_remedy(text: str) -> None:
    refusal: Invalid | None = None
    try:
        assert len(normalise_certificate(text).id18) == 18
    except Invalid as error:
        refusal = error
    assert refusal is None or (refusal.code.startswith("certificate-") and refusal.fix_zh and refusal.fix_en)


@pytest.mark.parametrize(("area", "year"), [("530114", 1990), ("530181", 1990), ("530122", 1985), ("532231", 1975)])
def test_area_that_did_not_exist_in_the_year_of_birth_passes(area: str, year: int) -> None:
    digits = f"{area}{year}0101123"
    number = digits + check_digit(digits)
    assert normalise_certificate(number).id18 == number


def test_library_alone_would_refuse_such_an_area() -> None:
    digits = "53011419900101123"
    assert not ric.is_valid(digits + check_digit(digits))


@pytest.mark.parametrize("born", ["20230230", "20231301", "18500101", "00000000"])
def test_birth_date_that_cannot_be(born: str) -> None:
    digits = f"530128{born}123"
    with pytest.raises(CertificateDate):
        normalise_certificate(digits + check_digit(digits), on=ON)


def test_nobody_is_born_after_the_date() -> None:
    digits = f"530128{ON + timedelta(days=1):%Y%m%d}123"
    number = digits + check_digit(digits)
    with pytest.raises(CertificateDate):
        normalise_certificate(number, on=ON)
    assert normalise_certificate(number, on=ON + timedelta(days=1))


def test_wrong_digit_is_told_from_damage() -> None:
    with pytest.raises(CertificateChecksum):
        normalise_certificate("530128199001011231", on=ON)


@pytest.mark.parametrize("tail", ["0", "81", "15", "1", "11B", "11C1", "11B12", "中1"])
def test_odd_tails_are_refused(tail: str) -> None:
    with pytest.raises(Invalid):
        normalise_certificate("53012819900101123X"[:17] + check_digit("53012819900101123") + tail, on=ON)


def test_number_does_not_show_in_a_repr() -> None:
    number = "53012819900101123" + check_digit("53012819900101123")
    assert number not in repr(normalise_certificate(number))
