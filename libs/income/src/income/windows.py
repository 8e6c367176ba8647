"""The published figures of a household: rolling, official and projected, each with window, sources and freshness."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from .facts import NUMBER, ZERO, Extra, Facts, Job, Kind, window_of
from .formula import shared_by
from .ledger import Ledger
from .months import Month, Window, closed_quarter, official_window, rolling_window
from .precedence import Basis, Cell, Loss, Losses
from .remembered import Cells, total


class Income(Struct, frozen=True, kw_only=True):
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
        return Basis.MIXED in {cell.basis for cell in self.cells}

    @property
    def carried_months(self) -> int:
        """沿用月数: months for which a kind carries the last verified figure because no feed covers it."""
        return len({cell.month for cell in self.cells if cell.basis is Basis.CARRIED and cell.amount})

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
    runs = {kind: known.run(kind, window) for kind in Kind}
    by_kind = {kind: run.total for kind, run in runs.items()}
    cost = known.cost(window)
    net = _net(by_kind, cost)
    sources, used = _evidence(ledger, window)
    return Income(
        window=window,
        persons=ledger.persons,
        cells=tuple([cell for run in runs.values() for cell in run.cells]),
        by_kind=by_kind,
        business_cost=cost,
        net=net,
        per_head=_per_head(net, ledger.persons),
        comparison=_comparison(net, ledger.persons, known, window),
        sources=sources,
        facts=used,
    )


def _without(ledger: Ledger, published: Income, lost: Sequence[Job], known: Cells) -> Income:
    """The published figure as if what was lost had never paid; cost, extras and evidence stay what they are."""
    losses = {kind: _losses(ledger, of_kind) for kind in Kind if (of_kind := [job for job in lost if job.kind is kind])}
    cells = tuple([known.cell(c.kind, c.month, losses[c.kind]) if c.kind in losses else c for c in published.cells])
    by_kind = dict(published.by_kind) | {
        kind: total([cell.amount for cell in cells if cell.kind is kind]) for kind in losses
    }
    net = _net(by_kind, published.business_cost)
    return replace(
        published,
        cells=cells,
        by_kind=by_kind,
        net=net,
        per_head=_per_head(net, ledger.persons),
        comparison=_comparison(net, ledger.persons, known, published.window),
        lost_jobs=tuple(job.fact_id for job in lost),
        unpriced_jobs=tuple(
            job for by in losses.values() for loss in by.values() if loss.mean is None for job in loss.jobs
        ),
    )


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


def _net(by_kind: Mapping[Kind, Decimal | None], cost: Decimal | None) -> Decimal | None:
    income = total([*by_kind.values()])
    return income - cost if income is not None and cost is not None else None


def _per_head(net: Decimal | None, persons: int) -> Decimal | None:
    return None if net is None or persons < 1 else shared_by(net, persons)


def _comparison(net: Decimal | None, persons: int, known: Cells, window: Window) -> Decimal | None:
    if net is None:
        return None
    return _per_head(net + known.extras(Extra.CLAIM, window) - known.extras(Extra.SELF_PAID, window), persons)


def _evidence(ledger: Ledger, window: Window) -> tuple[dict[str, date], tuple[UUID, ...]]:
    sources: dict[str, date] = {}
    used: set[UUID] = set()
    # A figure speaks for most months of a window: it is asked once.
    spoke: list[tuple[str, date, UUID]] = [
        (figure.source, figure.window_to, figure.fact_id)
        for figure in {id(f): f for f in map(ledger.figure_for, window.each()) if f is not None}.values()
    ]
    for (_, month), payments in ledger.payments.items():
        if window.holds(month):
            spoke += [(payment.source, month.last_day, payment.fact_id) for payment in payments]
    for adjustment in ledger.adjustments:
        own = window_of(adjustment)
        if own.first <= window.last and own.last >= window.first:
            spoke.append((adjustment.source, adjustment.window_to, adjustment.fact_id))
    for source, day, fact_id in spoke:
        if source not in sources or sources[source] < day:
            sources[source] = day
        used.add(fact_id)
    return sources, tuple(sorted(used, key=NUMBER))
