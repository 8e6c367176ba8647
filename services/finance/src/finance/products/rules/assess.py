"""What a loan product asks of a household, an amount and a term: one small function per condition."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from kit.eligibility import Reason, State, Terms, verdict_of
from kit.policy_book import PolicyBook, PolicyValue

from .model import Applicant, Ask, Eligibility


def assess(ask: Ask, applicant: Applicant, book: PolicyBook) -> Eligibility:
    """Whether the household can have the loan on the day: every condition with its document and clause."""
    terms = Terms(f"product.{ask.product}", applicant.path, ask.on, book)
    reasons = tuple(reason for check in _CHECKS for reason in check(ask, applicant, terms))
    return Eligibility(verdict_of(reasons), reasons, _subsidised(ask.amount, terms), _number(terms["subsidy.share"]))


Check = Callable[[Ask, Applicant, Terms], Iterator[Reason]]


def _offered(ask: Ask, applicant: Applicant, terms: Terms) -> Iterator[Reason]:
    value = terms["offered"]
    if value is None:
        yield terms.unknown("offered", "offered", "当地是否开办该产品", "rule on where the product is offered")
        return
    here = State.of(value.value == 1)
    zh, en = ("当地开办该产品", "offered here") if value.value == 1 else ("当地未开办该产品", "not offered here")
    yield Reason("offered", here, zh, en, (value,))


def _group(ask: Ask, applicant: Applicant, terms: Terms) -> Iterator[Reason]:
    rows = {group: terms[f"for.{group}"] for group in sorted(applicant.groups)}
    known = tuple(value for value in rows.values() if value is not None)
    allowed = tuple(value for value in known if value.value == 1)
    if allowed:
        yield Reason("group", State.MET, "属于该产品的支持对象", "the household is one the product is for", allowed)
    elif len(known) < len(rows):
        name = next(group for group, value in rows.items() if value is None)
        yield terms.unknown("group", f"for.{name}", "该类家庭是否属于支持对象", "rule on which households it is for")
    else:
        yield Reason("group", State.NOT_MET, "不属于该产品的支持对象", "the product is not for such a household", known)


def _amount(ask: Ask, applicant: Applicant, terms: Terms) -> Iterator[Reason]:
    limit = terms["limit"]
    if limit is None:
        yield terms.unknown("amount", "limit", "贷款限额", "limit of the amount")
        return
    zh, en = f"贷款限额 {_plain(limit.value)} 元", f"the limit is {_plain(limit.value)} yuan"
    yield Reason("amount", State.of(ask.amount <= limit.value), zh, en, (limit,))


def _months(ask: Ask, applicant: Applicant, terms: Terms) -> Iterator[Reason]:
    longest = terms["months"]
    if longest is None:
        yield terms.unknown("months", "months", "最长期限", "longest term")
        return
    zh, en = f"最长期限 {_plain(longest.value)} 个月", f"the longest term is {_plain(longest.value)} months"
    yield Reason("months", State.of(ask.months <= longest.value), zh, en, (longest,))


def _age(ask: Ask, applicant: Applicant, terms: Terms) -> Iterator[Reason]:
    youngest, oldest = terms["age.from"], terms["age.to"]
    if youngest is None or oldest is None:
        missing = "age.from" if youngest is None else "age.to"
        yield terms.unknown("age", missing, "借款人年龄", "age of the borrower")
        return
    ages = [age(born, ask.on) for born in applicant.birth_dates]
    span = f"{_plain(youngest.value)}–{_plain(oldest.value)}"
    if not ages:
        zh, en = "家庭成员的出生日期未知", "no birth date of the household is known"
        yield Reason("age", State.UNKNOWN, zh, en, (youngest, oldest), missing="birth_date")
        return
    fits = any(youngest.value <= years <= oldest.value for years in ages)
    zh, en = f"借款人年龄须为 {span} 周岁（含）", f"the borrower must be {span} years old, inclusive"
    yield Reason("age", State.of(fits), zh, en, (youngest, oldest))


def _use(ask: Ask, applicant: Applicant, terms: Terms) -> Iterator[Reason]:
    if ask.use is None:
        return
    value = terms[f"use.{ask.use}"]
    if value is None:
        yield terms.unknown("use", f"use.{ask.use}", "该用途是否允许", "rule on this use")
        return
    zh, en = ("用途符合规定", "the use is allowed") if value.value == 1 else ("该用途不允许", "the use is not allowed")
    yield Reason("use", State.of(value.value == 1), zh, en, (value,))


def _rate(ask: Ask, applicant: Applicant, terms: Terms) -> Iterator[Reason]:
    if ask.annual_rate is None:
        return
    short = terms["rate.short.months"]
    if short is None:
        yield terms.unknown("rate", "rate.short.months", "利率上限", "cap of the rate")
        return
    span = "short" if ask.months <= short.value else "long"
    years, spread = terms[f"rate.{span}.lpr"], terms[f"rate.{span}.spread"]
    if years is None or spread is None:
        missing = f"rate.{span}.lpr" if years is None else f"rate.{span}.spread"
        yield terms.unknown("rate", missing, "利率上限", "cap of the rate")
        return
    name = f"lpr.{int(years.value)}"
    prime = terms.book.at(name, terms.path, terms.on)
    if prime is None:
        zh, en = "当日贷款市场报价利率（LPR）未录入", "no loan prime rate is on record for the day"
        yield Reason("rate", State.UNKNOWN, zh, en, (years, spread), missing=name)
        return
    cap = prime.value + spread.value
    zh = f"年利率不得高于 {_plain(cap)}%（{int(years.value)} 年期 LPR {_plain(prime.value)}%）"
    en = f"the rate may not be above {_plain(cap)} % ({int(years.value)}-year LPR {_plain(prime.value)} %)"
    yield Reason("rate", State.of(ask.annual_rate <= cap), zh, en, (prime, spread))


def _rating(ask: Ask, applicant: Applicant, terms: Terms) -> Iterator[Reason]:
    required = terms["rating_required"]
    if required is None:
        yield terms.unknown("rating", "rating_required", "是否须评级授信", "rule on credit rating")
    elif required.value == 0:
        yield Reason("rating", State.MET, "不要求评级授信", "no credit rating is asked for", (required,))
    elif applicant.credit_line is None:
        zh, en = "该户尚无评级授信记录", "no credit rating of the household is on record"
        yield Reason("rating", State.UNKNOWN, zh, en, (required,), missing="credit_rating")
    else:
        within = applicant.owed + ask.amount <= applicant.credit_line
        zh, en = ("在授信额度以内", "within the credit line") if within else ("超出授信额度", "above the credit line")
        yield Reason("rating", State.of(within), zh, en, (required,))


def _overdue(ask: Ask, applicant: Applicant, terms: Terms) -> Iterator[Reason]:
    allowed = terms["overdue_allowed"]
    if allowed is None:
        yield terms.unknown("overdue", "overdue_allowed", "有逾期可否贷款", "rule on overdue repayments")
        return
    zh, en = ("该户有逾期未还", "a repayment is overdue") if applicant.overdue else ("无逾期", "nothing is overdue")
    yield Reason("overdue", State.of(not applicant.overdue or allowed.value == 1), zh, en, (allowed,))


def _open_loan(ask: Ask, applicant: Applicant, terms: Terms) -> Iterator[Reason]:
    if applicant.same_product_open:
        zh, en = "该户已有一笔同类在贷", "the household has an open loan of this product"
        yield Reason("open_loan", State.NOT_MET, zh, en)
    else:
        yield Reason("open_loan", State.MET, "该户无同类在贷", "the household has no open loan of this product")


_CHECKS: Final[tuple[Check, ...]] = (
    _offered, _group, _amount, _months, _age, _use, _rate, _rating, _overdue, _open_loan,
)  # fmt: skip


def _subsidised(amount: Decimal, terms: Terms) -> Decimal | None:
    limit = terms["limit.subsidised"]
    return None if limit is None else min(amount, limit.value.quantize(Decimal("0.01")))


def _number(value: PolicyValue | None) -> Decimal | None:
    return None if value is None else value.value


def age(born: date, on: date) -> int:
    """周岁 on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
