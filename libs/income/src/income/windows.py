"""The published figures of a household: rolling, official and projected, each with window, sources and freshness."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from .facts import ZERO, Adjustment, Extra, Facts, Figure, Job, Kind, window_of
from .formula import part_in, shared_by
from .ledger import Ledger
from .months import Month, Window, closed_quarter, official_window, rolling_window
from .precedence import Basis, Cell, Loss, Losses
from .remembered import Cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """家庭收入: what a household has in a window.

    Attributes:
        by_kind: yuan in the window; None where a month of the kind is unknown.
        net: 家庭纯收入; None where a kind or the business cost is unknown, which is never zero.
        per_head: 人均纯收入.
        comparison: 监测参考收入 per head, claims added and compliant self-paid expense taken off.
        sources: who spoke, with the last day each spoke of (freshness).
        facts: the facts that were used, ids ascending.
        lost_jobs: what a projection left out.
        unpriced_jobs: lost jobs that nobody ever told an amount of, so nothing could be taken off for them.
    """

    window: Window
    persons: int
    cells: tuple[Cell, ...]
    by_kind: Mapping[Kind, Decimal | None]
    business_cost: Decimal | None
    net: Decimal | None
    per_head: Decimal | None
    comparison: Decimal | None
    sources: Mapping[str, date]
    facts: tuple[UUID, ...]
    lost_jobs: tuple[UUID, ...] = ()
    unpriced_jobs: tuple[UUID, ...] = ()

    @property
    def mixed(self) -> bool:
        """混合: whether a month is the larger of feed and carried."""
        return any(cell.basis is Basis.MIXED for cell in self.cells)

    @property
    def unknown(self) -> tuple[tuple[Kind, Month], ...]:
        """未知: the kinds and months that no source has ever spoken of."""
        return tuple((cell.kind, cell.month) for cell in self.cells if cell.amount is None)


def rolling(facts: Facts, business_date: date) -> Income:
    """近十二个月: the twelve full months before the business date, the figure of identification."""
    return _of(facts, rolling_window(business_date))


def official(facts: Facts, year: int) -> Income:
    """年度: 1 October of the year before to 30 September; a late correction changes it like any other figure."""
    return _of(facts, official_window(year))


def quarterly(facts: Facts, business_date: date) -> Income:
    """季度: the last quarter that has ended; its three months alone, never spread over a year."""
    return _of(facts, closed_quarter(business_date))


def projected(facts: Facts, business_date: date) -> Income:
    """预计: the rolling figure in which a job that ended and was not replaced counts nothing in all twelve months."""
    return rolling_and_projected(facts, business_date)[1]


def rolling_and_projected(facts: Facts, business_date: date, known: Cells | None = None) -> tuple[Income, Income]:
    """Both figures, for little more than one: only the kinds that lost a job are looked at twice.

    Args:
        facts: of one household.
        business_date: the figures are of the twelve full months before it.
        known: cells computed for the same household before; they only save time.
    """
    cells = known or Cells()
    ledger = cells.ledger(facts)
    published = _income(ledger, rolling_window(business_date), cells)
    lost = ledger.lost_jobs(business_date)
    return published, _without(ledger, published, lost, cells) if lost else published


def _of(facts: Facts, window: Window) -> Income:
    cells = Cells()
    return _income(cells.ledger(facts), window, cells)


def _income(ledger: Ledger, window: Window, known: Cells) -> Income:
    cells = tuple([known.cell(kind, month) for kind in Kind for month in window.each()])
    by_kind = _by_kind(cells)
    cost = _total([_carried_cost(ledger, month) for month in window.each()])
    net = _net(by_kind, cost)
    sources, used = _evidence(ledger, window)
    return Income(
        window=window,
        persons=ledger.persons,
        cells=cells,
        by_kind=by_kind,
        business_cost=cost,
        net=net,
        per_head=_per_head(net, ledger.persons),
        comparison=_comparison(net, ledger, window),
        sources=sources,
        facts=used,
    )


def _without(ledger: Ledger, published: Income, lost: Sequence[Job], known: Cells) -> Income:
    """The published figure as if what was lost had never paid; cost, extras and evidence stay what they are."""
    losses = {kind: _losses(ledger, [job for job in lost if job.kind is kind]) for kind in Kind}
    cells = tuple(known.cell(c.kind, c.month, losses[c.kind]) if losses[c.kind] else c for c in published.cells)
    by_kind = _by_kind(cells)
    net = _net(by_kind, published.business_cost)
    return replace(
        published,
        cells=cells,
        by_kind=by_kind,
        net=net,
        per_head=_per_head(net, ledger.persons),
        comparison=_comparison(net, ledger, published.window),
        lost_jobs=tuple(job.fact_id for job in lost),
        unpriced_jobs=tuple(
            job for by in losses.values() for loss in by.values() if loss.mean is None for job in loss.jobs
        ),
    )


def _by_kind(cells: Sequence[Cell]) -> dict[Kind, Decimal | None]:
    """Sums of the cells, which come kind by kind."""
    each = len(cells) // len(Kind)
    return {kind: _total([c.amount for c in cells[n * each : (n + 1) * each]]) for n, kind in enumerate(Kind)}


def _losses(ledger: Ledger, lost: Sequence[Job]) -> Losses:
    by_earner: dict[UUID, list[Job]] = {}
    for job in lost:
        by_earner.setdefault(job.person_id or job.fact_id, []).append(job)
    return {earner: _loss(ledger, jobs) for earner, jobs in by_earner.items()}


def _loss(ledger: Ledger, jobs: Sequence[Job]) -> Loss:
    ids = frozenset(job.fact_id for job in jobs)
    paid: dict[Month, Decimal] = {}
    for (_, month), payments in ledger.payments.items():
        for payment in payments:
            if payment.job_id in ids:
                paid[month] = paid.get(month, ZERO) + payment.amount
    newest = max(jobs, key=lambda job: (job.started_on, job.fact_id))
    mean = sum(paid.values(), ZERO) / len(paid) if paid else newest.monthly
    return Loss(
        ids,
        None if mean is None else mean.quantize(ZERO, ROUND_HALF_UP),
        max(job.ended_on for job in jobs if job.ended_on),
    )


def _total(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, ZERO) if len(known) == len(amounts) else None


def _net(by_kind: Mapping[Kind, Decimal | None], cost: Decimal | None) -> Decimal | None:
    income = _total([*by_kind.values()])
    return income - cost if income is not None and cost is not None else None


def _per_head(net: Decimal | None, persons: int) -> Decimal | None:
    return None if net is None or persons < 1 else shared_by(net, persons)


def _carried_cost(ledger: Ledger, month: Month) -> Decimal | None:
    figure = ledger.figure_for(month)
    return None if figure is None else part_in(month, figure, figure.business_cost)


def _comparison(net: Decimal | None, ledger: Ledger, window: Window) -> Decimal | None:
    if net is None:
        return None
    extra = _extra(ledger, window, Extra.CLAIM) - _extra(ledger, window, Extra.SELF_PAID)
    return _per_head(net + extra, ledger.persons)


def _extra(ledger: Ledger, window: Window, extra: Extra) -> Decimal:
    reported = [adjustment for adjustment in ledger.adjustments if adjustment.extra is extra]
    if not reported and not any(_recorded(figure, extra) for figure in ledger.figures):
        return ZERO
    return sum((_extra_in(ledger, month, extra, reported) for month in window.each()), ZERO)


def _extra_in(ledger: Ledger, month: Month, extra: Extra, reported: Sequence[Adjustment]) -> Decimal:
    """The larger of reported and recorded; a claim or an illness is not carried beyond its own window."""
    known = sum((part_in(month, a, a.amount) for a in reported if window_of(a).holds(month)), ZERO)
    figure = ledger.figure_for(month)
    if figure is None or not window_of(figure).holds(month):
        return known
    return max(known, part_in(month, figure, _recorded(figure, extra)))


def _recorded(figure: Figure, extra: Extra) -> Decimal:
    return figure.claims if extra is Extra.CLAIM else figure.self_paid


def _evidence(ledger: Ledger, window: Window) -> tuple[dict[str, date], tuple[UUID, ...]]:
    sources: dict[str, date] = {}
    used: set[UUID] = set()

    def speaks(source: str, day: date, fact_id: UUID) -> None:
        sources[source] = max(day, sources.get(source, day))
        used.add(fact_id)

    for month in window.each():
        figure = ledger.figure_for(month)
        if figure is not None:
            speaks(figure.source, figure.window_to, figure.fact_id)
    for (_, month), payments in ledger.payments.items():
        if window.holds(month):
            for payment in payments:
                speaks(payment.source, month.last_day, payment.fact_id)
    for adjustment in ledger.adjustments:
        own = window_of(adjustment)
        if own.first <= window.last and own.last >= window.first:
            speaks(adjustment.source, adjustment.window_to, adjustment.fact_id)
    return sources, tuple(sorted(used))
