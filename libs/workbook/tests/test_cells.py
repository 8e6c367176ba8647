from datetime import date, datetime
from decimal import Decimal

import pytest

from workbook.cells import compact, count, day, money, month, parts, person_name, yes_no
from workbook.sheets import cell_text


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("25,152.00", "25152.00"),
        ("１２３４", "1234.00"),
        (" 1 234 ", "1234.00"),
        ("￥1，234.5元", "1234.50"),
        ("-5", "-5.00"),
        ("0", "0.00"),
        ("-0", "0.00"),
        ("12.345", "12.35"),
    ],
)
def test_money_in_any_dress(text, amount):
    assert money(text) == Decimal(amount)
    assert str(money(text)) == amount


@pytest.mark.parametrize("text", ["一万二", "1.2万", "12,34", "1e5", "NaN", "--", "1.2.3", "9" * 13, "9" * 40])
def test_what_is_no_number_is_not_guessed(text):
    with pytest.raises(ValueError, match="amount"):
        money(text)


def test_empty_is_not_zero_and_not_no():
    assert money(" \u3000") is None
    assert count("") is None
    assert yes_no("") is None
    assert yes_no(" 否 ") is False


@pytest.mark.parametrize(
    "text", ["202307", "2023年07月", "2023年7月", "2023-7", "2023-07-01", "２０２３０７", "2023.07"]
)
def test_month_in_any_spelling(text):
    assert month(text) == "2023-07"


@pytest.mark.parametrize("text", ["202313", "2023", "23年7月", "七月", "2023.7", "2023-02-30"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match=r"date|day"):
        month(text)


def test_date_of_an_export():
    assert day("2023/10/5 08:30:00") == day("2023年10月5日") == date(2023, 10, 5)


def test_numbers_of_a_spreadsheet_show_what_it_kept():
    assert cell_text(50114.0) == "50114"
    assert cell_text(0.1 + 0.2) == "0.3"
    assert cell_text(530128197212026083.0) == "5.30128197212026e+17"
    assert cell_text(datetime(2023, 7, 1)) == "2023-07-01"  # noqa: DTZ001  a cell has no zone


def test_names_lose_only_stretching_spaces():
    assert person_name(" 张\u3000三 ") == "张三"
    assert person_name("阿 Li") == "阿 Li"
    assert compact("'５３０１ 28") == "530128"
    assert parts("残疾，长期慢性病") == ("残疾", "长期慢性病")
