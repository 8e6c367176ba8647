"""A unified social credit code holds in its form and its check character, however it was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.credit_code import CreditCodeChecksum, CreditCodeForm, normalise_credit_code
from kit.testing import credit_code

CODE = "91110000600037341L"


@pytest.mark.parametrize(
    "typed", [CODE, CODE.lower(), " 9111 0000 6000 3734 1L ", "９１１１００００６０００３７３４１Ｌ", f"'{CODE}"]
)
def test_a_code_is_read_however_it_was_typed(typed: str) -> None:
    assert normalise_credit_code(typed) == CODE


@pytest.mark.parametrize(
    "typed", ["", "9111000060003734", CODE + "1", "A1110000600037341L", "9111000060003734IL", "号" * 18]
)
def test_what_is_no_code_is_refused_by_its_form(typed: str) -> None:
    with pytest.raises(CreditCodeForm):
        normalise_credit_code(typed)


@given(st.integers(0, 999_999_999).map(credit_code), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(code: str, place: int, off: int) -> None:
    if not code[place].isdigit():
        return
    wrong = code[:place] + str((int(code[place]) + off) % 10) + code[place + 1 :]
    with pytest.raises(CreditCodeChecksum):
        normalise_credit_code(wrong)
    assert normalise_credit_code(code) == code
