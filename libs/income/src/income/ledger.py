"""One household's current facts, arranged for reading by month."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from .facts import ZERO, Adjustment, Extra, Facts, Figure, Job, Kind, Payment, current, window_of
from .months import Month
from .spreading import spread

Split = tuple[dict[UUID, Decimal], Decimal]
"""What of one kind of a figure is known by person, and the rest that nobody can split; for its whole window."""


class Ledger(Struct, frozen=True):
    """收入台账: outdated revisions, void facts and unverified figures have fallen away."""

    persons: int
    figures: Sequence[Figure]
    payments: dict[tuple[Kind, Month], list[Payment]]
    jobs: Sequence[Job]
    jobs_of: dict[UUID, list[Job]]
    adjustments: Sequence[Adjustment]
    _speaking: dict[Month, Figure | None] = field(default_factory=dict)
    _splits: dict[tuple[UUID, Kind], Split] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Facts) -> "Ledger":
        """Arrange the facts; their order, duplicates and outdated revisions make no difference."""
        jobs = current(facts.jobs)
        jobs_of: dict[UUID, list[Job]] = {}
        for job in jobs:
            if job.person_id is not None and job.kind is Kind.WAGE:
                jobs_of.setdefault(job.person_id, []).append(job)
        payments: dict[tuple[Kind, Month], list[Payment]] = {}
        for payment in current(facts.payments):
            for part in spread(payment):
                payments.setdefault((part.kind, part.month), []).append(_with_job(part, jobs_of))
        figures = sorted((figure for figure in current(facts.figures) if figure.verified), key=_rank)
        return cls(facts.persons, figures, payments, jobs, jobs_of, current(facts.adjustments))

    def with_figures_of(self, before: "Ledger") -> "Ledger":
        """The same with what was found out about its figures already; `before` has the same ones."""
        return replace(self, _speaking=before._speaking, _splits=before._splits)

    def figure_for(self, month: Month) -> Figure | None:
        """The verified figure that speaks for the month: its own, else the last yearly one before it."""
        try:
            return self._speaking[month]
        except KeyError:
            found = self._speaking[month] = self._find_figure(month)
            return found

    def _find_figure(self, month: Month) -> Figure | None:
        own = [figure for figure in self.figures if window_of(figure).holds(month)]
        if own:
            return own[-1]
        before = [f for f in self.figures if window_of(f).last < month and window_of(f).months >= 12]
        return before[-1] if before else None

    def split(self, figure: Figure, kind: Kind) -> Split:
        """The figure's amount of the kind by person, and the rest."""
        if (figure.fact_id, kind) not in self._splits:
            totals: dict[UUID, Decimal] = {}
            for share in figure.shares:
                if share.kind is kind:
                    totals[share.person_id] = totals.get(share.person_id, ZERO) + share.amount
            amount = figure.of(kind)
            rest = max(ZERO, amount - sum(totals.values())) if figure.shares else amount
            self._splits[figure.fact_id, kind] = totals, rest
        return self._splits[figure.fact_id, kind]

    def has(self, extra: Extra) -> bool:
        """Whether anybody has told of a claim, or of an expense."""
        return any(a.extra is extra for a in self.adjustments) or any(recorded(f, extra) for f in self.figures)

    def out_of_work(self, person_id: UUID, month: Month, figure: Figure) -> bool:
        """Whether the person's work is known to have ended before the month, later than the figure began.

        That is a fact, not silence; a figure that began after it has the last word.
        """
        jobs = [job for job in self.jobs_of.get(person_id, ()) if job.started_on <= month.last_day]
        ends = [job.ended_on for job in jobs if not job.touches(month) and job.ended_on is not None]
        return bool(ends) and len(ends) == len(jobs) and max(ends) >= figure.window_from

    def lost_jobs(self, day: date) -> list[Job]:
        """The jobs and contracts that have ended by the day and were not replaced by a newer one that runs."""
        return [
            job for job in self.jobs if job.ended_on is not None and job.ended_on <= day and not self._new(job, day)
        ]

    def _new(self, lost: Job, day: date) -> bool:
        if lost.person_id is None:
            return False
        others = (job for job in self.jobs if job.person_id == lost.person_id and job.kind is lost.kind)
        return any(job.started_on > lost.started_on and job.runs_on(day) for job in others)


def recorded(figure: Figure, extra: Extra) -> Decimal:
    """What a figure says of claims, or of expenses."""
    return figure.claims if extra is Extra.CLAIM else figure.self_paid


def _rank(figure: Figure) -> tuple[bool, Month, Month, UUID]:
    window = window_of(figure)
    return (window.months >= 12, window.last, window.first, figure.fact_id)


def _with_job(payment: Payment, jobs_of: dict[UUID, list[Job]]) -> Payment:
    """A wage without its spell belongs to the newest spell of the person that touches the month."""
    if payment.job_id is not None or payment.person_id is None or payment.kind is not Kind.WAGE:
        return payment
    touching = [job for job in jobs_of.get(payment.person_id, ()) if job.touches(payment.month)]
    if not touching:
        return payment
    return replace(payment, job_id=max(touching, key=lambda job: (job.started_on, job.fact_id)).fact_id)
