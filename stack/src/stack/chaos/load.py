"""The load: departments that never stop writing, each among households of its own, some of it days late."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final
from uuid import UUID

from ..api import Api
from ..demo.clients import BANK, BUYER, CITY, EMPLOYMENT
from ..exits import StackError
from .ledger import Ledger

LATE: Final = 0.1
"""The share of facts that are posted days after they occurred."""
_LATEST: Final = 40
_FIRST_JOB: Final = date(2022, 1, 1)


@dataclass(slots=True)
class Calendar:
    """业务日期 as every service has taken it."""

    today: date


@dataclass(slots=True)
class Worker:
    """务工人员: a person of the load and what is known of the job."""

    household_id: UUID
    person_id: UUID
    spell_id: UUID | None = None
    started_on: date = _FIRST_JOB
    ended_on: date | None = None
    wages: dict[str, UUID] = field(default_factory=dict)


@dataclass(slots=True)
class Desk:
    """经办: one department officer who writes without a pause, with repetitions, corrections and delays.

    Attributes:
        refused: what the platform refused although it should not have.
    """

    api: Api
    ledger: Ledger
    calendar: Calendar
    random: Random
    workers: Sequence[Worker]
    households: Sequence[UUID]
    number: int
    refused: list[str] = field(default_factory=list)
    _numbers: int = 0
    _overdue: dict[UUID, date] = field(default_factory=dict)
    _spent: set[tuple[UUID, date, date]] = field(default_factory=set)

    async def write(self, stop: asyncio.Event) -> None:
        """One fact after the other until told to stop; the last one is finished."""
        kinds = list(_SHARES)
        while not stop.is_set():
            kind = self.random.choices(kinds, weights=[_SHARES[k] for k in kinds])[0]
            try:
                await kind(self)
            except StackError as error:
                self.refused.append(f"{kind.__name__}: {error.en}")

    def _some_day(self) -> date:
        """Yesterday, or now and then a day long past."""
        late = self.random.random() < LATE
        return self.calendar.today - timedelta(days=self.random.randint(2, _LATEST) if late else 1)

    def _amount(self) -> str:
        return str(Decimal(self.random.randrange(100_00, 5_000_00)) / 100 + Decimal("0.00"))

    def _number(self, prefix: str) -> str:
        self._numbers += 1
        return f"{prefix}-{self.number}-{self._numbers}"

    async def _post(self, who: str, path: str, body: Mapping[str, Any]) -> Any:
        """Write; now and then the sender forgets that it did and sends the same as a new request."""
        answer = await self.api.post(who, path, body)
        if self.random.random() < 0.03:
            again = await self.api.post(who, path, body)
            if again != answer:
                self.ledger.broken.append(f"{path}: the same fact sent twice was taken twice")
        return answer

    async def _change(self, who: str, method: str, path: str, verb: str, body: Any = None) -> Any:
        known = await self.api.call(who, "GET", path)
        options = {"json": body} if body is not None else {}
        headers = {"if-match": known.headers["etag"]}
        return (await self.api.call(who, method, path + verb, headers=headers, **options)).json()

    async def hire(self) -> None:
        """上岗"""
        worker = self._worker(lambda w: w.spell_id is None or w.ended_on is not None)
        if worker is None or (worker.ended_on and worker.ended_on >= self.calendar.today - timedelta(days=1)):
            return
        earliest = worker.ended_on + timedelta(days=1) if worker.ended_on else _FIRST_JOB
        worker.started_on = earliest + timedelta(days=self.random.randrange((self.calendar.today - earliest).days))
        wage = self._amount()
        body = {"person": _person(worker), "started_on": str(worker.started_on), "channel": "migrant"}
        answer = await self._post(EMPLOYMENT, "/employment/v1/spells", {**body, "monthly_wage": wage})
        worker.spell_id, worker.ended_on, worker.wages = UUID(answer["id"]), None, {}
        self.ledger.promised("spell", "employment", "spells", worker.spell_id, void="false", monthly_wage=wage)

    async def pay(self) -> None:
        """发工资"""
        worker = self._worker(lambda w: w.spell_id is not None)
        if worker is None:
            return
        months = _months(worker.started_on, worker.ended_on or self.calendar.today)
        unpaid = [month for month in months if month not in worker.wages]
        if not unpaid:
            return
        month = self.random.choice(unpaid) if self.random.random() < LATE else unpaid[-1]
        amount = self._amount()
        body = {"person": _person(worker), "spell_id": str(worker.spell_id), "month": month, "amount": amount}
        answer = await self._post(EMPLOYMENT, "/employment/v1/wages", body)
        worker.wages[month] = UUID(answer["id"])
        self.ledger.promised("wage", "employment", "wages", worker.wages[month], amount=amount, void="false")

    async def correct(self) -> None:
        """更正工资"""
        worker = self._worker(lambda w: bool(w.wages))
        if worker is None:
            return
        wage, amount = self.random.choice(list(worker.wages.values())), self._amount()
        await self._change(EMPLOYMENT, "PATCH", f"/employment/v1/wages/{wage}", "", {"amount": amount})
        self.ledger.promised("wage corrected", "employment", "wages", wage, amount=amount)

    async def take_back(self) -> None:
        """工资作废"""
        worker = self._worker(lambda w: bool(w.wages))
        if worker is None:
            return
        month = self.random.choice(list(worker.wages))
        wage = worker.wages.pop(month)
        await self._change(EMPLOYMENT, "POST", f"/employment/v1/wages/{wage}", ":void")
        self.ledger.promised("wage voided", "employment", "wages", wage, void="true")

    async def lose_job(self) -> None:
        """失业"""
        worker = self._worker(lambda w: w.spell_id is not None and w.ended_on is None)
        if worker is None:
            return
        day = max(worker.started_on, self._some_day())
        body = {"ended_on": str(day), "reason": "laid_off"}
        await self._change(EMPLOYMENT, "POST", f"/employment/v1/spells/{worker.spell_id}", ":end", body)
        worker.ended_on = day
        self._promise_end(worker, "job lost")

    async def reopen_job(self) -> None:
        """失业更正"""
        worker = self._worker(lambda w: w.ended_on is not None)
        if worker is None:
            return
        await self._change(EMPLOYMENT, "POST", f"/employment/v1/spells/{worker.spell_id}", ":reopen")
        worker.ended_on = None
        self._promise_end(worker, "job lost by mistake")

    def _promise_end(self, worker: Worker, kind: str) -> None:
        ended = str(worker.ended_on) if worker.ended_on else None
        if worker.spell_id is not None:
            self.ledger.promised(kind, "employment", "spells", worker.spell_id, ended_on=ended)

    async def miss_repayment(self) -> None:
        """逾期"""
        worker = self.random.choice(self.workers)
        due, amount = self._some_day(), self._amount()
        body = {"person": _person(worker), "loan_number": self._number("C"), "product": "petty_loan"}
        answer = await self._post(BANK, "/finance/v1/missed-repayments", {**body, "due_on": str(due), "amount": amount})
        missed = UUID(answer["id"])
        self._overdue[missed] = due
        self.ledger.promised(
            "missed repayment", "finance", "missed_repayments", missed, amount=amount, cured_on=None, void="false"
        )

    async def cure(self) -> None:
        """归还"""
        if not self._overdue:
            return
        missed = self.random.choice(list(self._overdue))
        self._overdue.pop(missed)
        on = str(self.calendar.today)
        await self._change(BANK, "POST", f"/finance/v1/missed-repayments/{missed}", ":cure", {"cured_on": on})
        self.ledger.promised("repayment cured", "finance", "missed_repayments", missed, cured_on=on)

    async def cancel_order(self) -> None:
        """取消订单"""
        amount = self._amount()
        share = {"household_id": str(self.random.choice(self.households)), "amount": amount}
        body = {"order_number": self._number("O"), "cancelled_on": str(self._some_day()), "cause": "buyer"}
        answer = await self._post(BUYER, "/procurement/v1/cancelled-orders", {**body, "shares": [share]})
        self.ledger.promised(
            "order cancelled", "procurement", "cancelled_shares", UUID(answer["shares"][0]["id"]), amount=amount
        )

    async def spend(self) -> None:
        """刚性支出"""
        until, amount = self._some_day(), self._amount()
        window = (self.random.choice(self.households), until - timedelta(days=self.random.randint(1, 300)), until)
        if window in self._spent:
            return
        self._spent.add(window)
        household, first, last = window
        body = {"kind": "medical", "amount": amount, "window_from": str(first), "window_to": str(last)}
        answer = await self.api.post(CITY, f"/households/v1/households/{household}/expenses", body)
        self.ledger.promised("expense", "households", "expenses", UUID(answer["fact_id"]), amount=amount)

    def _worker(self, fits: Callable[[Worker], bool]) -> Worker | None:
        fitting = [worker for worker in self.workers if fits(worker)]
        return self.random.choice(fitting) if fitting else None


_SHARES: Final[dict[Callable[[Desk], Awaitable[None]], float]] = {
    Desk.hire: 10,
    Desk.pay: 40,
    Desk.correct: 12,
    Desk.take_back: 2,
    Desk.lose_job: 3,
    Desk.reopen_job: 1,
    Desk.miss_repayment: 8,
    Desk.cure: 4,
    Desk.cancel_order: 6,
    Desk.spend: 4,
}


def _person(worker: Worker) -> dict[str, str]:
    return {"person_id": str(worker.person_id)}


def _months(first: date, last: date) -> list[str]:
    found, day = [], first.replace(day=1)
    while day <= last:
        found.append(f"{day:%Y-%m}")
        day = (day + timedelta(days=32)).replace(day=1)
    return found
