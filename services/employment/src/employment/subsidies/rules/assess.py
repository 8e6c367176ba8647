"""What a subsidy asks of a person: one small function per condition."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from kit.eligibility import Reason, State, Terms, verdict_of
from kit.policy_book import PolicyBook

from .model import Ask, Claim, Eligibility, Work

_CENT: Final = Decimal("0.01")


def assess(ask: Ask, claim: Claim, book: PolicyBook) -> Eligibility:
    """Whether the person is entitled on the day: every condition with its evidence, document and clause."""
    terms = Terms(f"subsidy.{ask.kind}", claim.path, ask.on, book)
    reasons = tuple(check(ask, claim, terms) for check in _CHECKS)
    amount = terms["amount"]
    return Eligibility(verdict_of(reasons), reasons, None if amount is None else amount.value.quantize(_CENT))


Check = Callable[[Ask, Claim, Terms], Reason]


def _group(ask: Ask, claim: Claim, terms: Terms) -> Reason:
    rows = {group: terms[f"for.{group}"] for group in sorted(claim.groups)}
    known = tuple(value for value in rows.values() if value is not None)
    allowed = tuple(value for value in known if value.value == 1)
    if allowed:
        return Reason("group", State.MET, "属于补贴对象", "the household is one the subsidy is for", allowed)
    for group, value in rows.items():
        if value is None:
            return terms.unknown(
                "group", f"for.{group}", "该类家庭是否属于补贴对象", "rule on which households it is for"
            )
    return Reason("group", State.NOT_MET, "不属于补贴对象", "the subsidy is not for such a household", known)


def _work(ask: Ask, claim: Claim, terms: Terms) -> Reason:
    """稳定就业: worked long enough without a break, out of the province where the subsidy asks for that."""
    months, far = terms["months"], terms["out_of_province"]
    if months is None or far is None:
        missing = "months" if months is None else "out_of_province"
        return terms.unknown("work", missing, "务工地点和期限要求", "rule on where and how long")
    span = _Year.of(ask)
    ordered = sorted(claim.jobs, key=lambda job: (job.started_on, job.id))
    here = [job for job in ordered if span.clipped(job) is not None]
    counted = [job for job in here if far.value == 0 or _away(job, claim.path) is True]
    unsure = [job for job in here if far.value == 1 and job.place_code is None]
    wanted, policy = int(months.value), (months, far)
    best = _longest(counted, span)
    where_zh, where_en = ("跨省", "out of the province ") if far.value == 1 else ("", "")
    zh = f"本年度{where_zh}连续务工 {best.months} 个月，要求不少于 {wanted} 个月"
    en = f"worked {where_en}{best.months} months of the year without a break, {wanted} are asked for"
    if best.months >= wanted:
        return Reason("work", State.MET, zh, en, policy, best.jobs)
    if _longest([*counted, *unsure], span).months >= wanted:
        evidence = tuple(job.id for job in unsure)
        return Reason("work", State.UNKNOWN, "务工所在地未登记", "where the work was is not known", policy, evidence,
                      missing="place_code")  # fmt: skip
    if not here:
        return Reason("work", State.UNKNOWN, "本年度没有务工记录", "no job is on record for the year", policy,
                      missing="spell")  # fmt: skip
    return Reason("work", State.NOT_MET, zh, en, policy, tuple(job.id for job in here))


def _window(ask: Ask, claim: Claim, terms: Terms) -> Reason:
    first, last, late = (terms[f"window.{edge}"] for edge in ("first", "last", "late"))
    if first is None or last is None:
        missing = "window.first" if first is None else "window.last"
        return terms.unknown("window", missing, "申请时间", "time for applying")
    place = (ask.on.year - ask.year) * 12 + ask.on.month
    zh = f"申请时间为补贴年度 {first.value:.0f} 月至 {last.value:.0f} 月"
    en = f"one applies from month {first.value:.0f} to month {last.value:.0f} of the year"
    if place <= last.value:
        return Reason("window", State.of(first.value <= place), zh, en, (first, last))
    if late is None:
        return terms.unknown("window", "window.late", "补报期限", "time for late applications")
    zh, en = (
        f"{zh}，可补报至第 {late.value:.0f} 个月",
        f"{en}, late ones to month {late.value:.0f} counted from January",
    )
    return Reason("window", State.of(place <= late.value), zh, en, (first, last, late))


def _proof(ask: Ask, claim: Claim, terms: Terms) -> Reason:
    if ask.proof is None:
        return Reason("proof", State.UNKNOWN, "未提交务工证明", "no proof of the work was handed in", missing="proof")
    return Reason("proof", State.MET, "已提交务工证明", "proof of the work was handed in")


def _once(ask: Ask, claim: Claim, terms: Terms) -> Reason:
    if claim.standing is None:
        return Reason("once", State.MET, "本年度未申请过该补贴", "not applied for in this year before")
    zh, en = "本年度已申请或领取该补贴", "applied for or paid in this year already"
    return Reason("once", State.NOT_MET, zh, en, evidence=(claim.standing,))


def _amount(ask: Ask, claim: Claim, terms: Terms) -> Reason:
    amount = terms["amount"]
    if amount is None:
        return terms.unknown("amount", "amount", "补贴标准", "amount")
    zh, en = f"补贴标准 {amount.value:.2f} 元/人/年", f"{amount.value:.2f} yuan a person and year"
    return Reason("amount", State.MET, zh, en, (amount,))


_CHECKS: tuple[Check, ...] = (_group, _work, _window, _proof, _once, _amount)


def _away(job: Work, path: str) -> bool | None:
    """Whether the work was in another province than the household; None = nobody told where."""
    return None if job.place_code is None else job.place_code[:2] != path[:2]


@dataclass(frozen=True, slots=True)
class _Year:
    """补贴年度, as far as it has come: from its first day up to, not including, another one."""

    first: date
    outside: date

    @classmethod
    def of(cls, ask: Ask) -> "_Year":
        return cls(date(ask.year, 1, 1), min(date(ask.year + 1, 1, 1), ask.on + timedelta(days=1)))

    def clipped(self, job: Work) -> tuple[date, date] | None:
        """What of a job lies in the year; None where nothing does."""
        first, outside = max(job.started_on, self.first), min(job.ended_on or self.outside, self.outside)
        return (first, outside) if first < outside else None


@dataclass(frozen=True, slots=True)
class _Run:
    """连续务工: full months without a break, and the jobs they are made of."""

    months: int
    jobs: tuple[UUID, ...]


def _longest(jobs: Iterable[Work], year: _Year) -> _Run:
    """The longest run of the year; a job that begins by the day after another ended goes on with it."""
    spans = sorted((span, job.id) for job in jobs if (span := year.clipped(job)) is not None)
    best, run = _Run(0, ()), _Run(0, ())
    begun = outside = date.min
    for (first, end), id_ in spans:
        if first.toordinal() > outside.toordinal() + 1:
            begun, outside, run = first, end, _Run(0, ())
        outside = max(outside, end)
        run = _Run(full_months(begun, outside), (*run.jobs, id_))
        best = max(best, run, key=lambda one: one.months)
    return best


def full_months(first: date, outside: date) -> int:
    """整月数 from a first day up to, not including, another one."""
    months = (outside.year - first.year) * 12 + outside.month - first.month
    return months - (outside.day < first.day)
