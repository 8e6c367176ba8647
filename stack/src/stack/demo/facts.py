"""The facts of the story, each posted as its department would, and noted when acknowledged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from ..api import Api
from ..exits import ExitCode, StackError
from .cast import Earner
from .clients import BANK, BUYER, CITY, EMPLOYMENT, REVIEW
from .ledger import Ledger

CANTEEN_CODE: Final = "12530128000000001H"
"""统一社会信用代码 of a unit that does not exist; its form and check character hold."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Posts facts through the gateway."""

    api: Api
    ledger: Ledger

    async def advance(self, to: date) -> None:
        """Move the business date, one event per day."""
        await self.api.post(CITY, "/households/v1/business-date:advance", {"to": to.isoformat()})

    async def start_job(self, earner: Earner, on: date) -> UUID:
        """A job with an agreed wage; the earner remembers it."""
        body = {
            "person": {"person_id": str(earner.person_id)},
            "started_on": on.isoformat(),
            "channel": "migrant",
            "monthly_wage": str(earner.wage),
        }
        earner.spell_id = await self._report("employment", EMPLOYMENT, "spells", body)
        earner.started_on, earner.ended = on, False
        return earner.spell_id

    async def end_job(self, earner: Earner, on: date) -> None:
        """The job is lost."""
        body = {"ended_on": on.isoformat(), "reason": "laid_off"}
        await self._change("employment", EMPLOYMENT, "POST", f"spells/{earner.spell_id}", ":end", body)
        earner.ended = True

    async def reopen_job(self, earner: Earner) -> None:
        """The report that the job was lost was wrong."""
        await self._change("employment", EMPLOYMENT, "POST", f"spells/{earner.spell_id}", ":reopen", None)
        earner.ended = False

    async def pay(self, earners: list[Earner], month: str) -> None:
        """One month's wages, as a batch.

        Raises:
            StackError: a row was refused.
        """
        if not earners:
            return
        body = {"items": [self._wage(earner, month, earner.wage) for earner in earners]}
        answer = await self.api.post(EMPLOYMENT, "/employment/v1/wages:batch", body)
        refused = [row["problem"] for row in answer["items"] if row["id"] is None]
        if refused:
            raise StackError(ExitCode.REFUSED, zh=f"工资被拒绝：{refused[0]}", en=f"Wages were refused: {refused[0]}")
        self.ledger.acknowledged("employment", *(UUID(row["id"]) for row in answer["items"]))

    async def pay_one(self, earner: Earner, month: str, amount: Decimal | None = None) -> UUID:
        """One wage."""
        return await self._report("employment", EMPLOYMENT, "wages", self._wage(earner, month, amount or earner.wage))

    async def correct_wage(self, fact_id: UUID, amount: Decimal) -> None:
        """The amount was wrong: the next revision of the same fact."""
        await self._change("employment", EMPLOYMENT, "PATCH", f"wages/{fact_id}", "", {"amount": str(amount)})

    async def _report(self, service: str, who: str, path: str, body: Any) -> UUID:
        answer = await self.api.post(who, f"/{service}/v1/{path}", body)
        fact_id = UUID(answer["id"])
        self.ledger.acknowledged(service, fact_id)
        return fact_id

    async def _change(
        self, service: str, who: str, method: str, path: str, verb: str, body: Any, *, reader: str | None = None
    ) -> None:
        where = f"/{service}/v1/{path}"
        known = await self.api.call(reader or who, "GET", where)
        options = {"json": body} if body is not None else {}
        await self.api.call(who, method, where + verb, headers={"if-match": known.headers["etag"]}, **options)

    @staticmethod
    def _wage(earner: Earner, month: str, amount: Decimal) -> dict[str, Any]:
        return {
            "person": {"person_id": str(earner.person_id)},
            "spell_id": str(earner.spell_id),
            "month": month,
            "amount": str(amount),
        }

    async def miss_repayment(self, earner: Earner, due_on: date) -> UUID:
        """An instalment was not paid on its day."""
        body = {
            "person": {"person_id": str(earner.person_id)},
            "loan_number": f"DEMO-{str(earner.person_id)[-6:]}",
            "product": "petty_loan",
            "due_on": due_on.isoformat(),
            "amount": "1468.43",
        }
        return await self._report("finance", BANK, "missed-repayments", body)

    async def cure_repayment(self, fact_id: UUID, on: date) -> None:
        """The instalment was paid after all."""
        body = {"cured_on": on.isoformat()}
        await self._change("finance", BANK, "POST", f"missed-repayments/{fact_id}", ":cure", body)

    async def lend(self, earner: Earner, amount: Decimal, rate: str, months: int, on: date) -> UUID | None:
        """Rate, apply, approve and pay out; None where the bank may not lend to this household."""
        person = {"person_id": str(earner.person_id)}
        rating = {"person": person, "grade": "AA", "credit_line": str(amount), "rated_on": on.isoformat()}
        await self._report("finance", BANK, "ratings", rating)
        wish = {
            "person": person, "product": "petty_loan", "amount": str(amount), "months": months, "use": "production",
            "method": "equal_instalments", "applied_on": on.isoformat(),
        }  # fmt: skip
        loan = UUID((await self.api.post(BANK, "/finance/v1/loans", wish))["id"])
        terms = {"amount": str(amount), "months": months, "annual_rate": rate, "approved_on": on.isoformat()}
        try:
            await self._change("finance", BANK, "POST", f"loans/{loan}", ":approve", terms)
        except StackError as refusal:
            if refusal.code is not ExitCode.REFUSED:
                raise
            turned_down = {"reason": "not_eligible", "rejected_on": on.isoformat()}
            await self._change("finance", BANK, "POST", f"loans/{loan}", ":reject", turned_down)
            return None
        paid_out = {"loan_number": f"DEMO-XD-{str(loan)[-8:]}", "disbursed_on": on.isoformat()}
        await self._change("finance", BANK, "POST", f"loans/{loan}", ":disburse", paid_out)
        return loan

    async def repay(self, loan: UUID, amount: Decimal, on: date, receipt: str) -> UUID:
        """A repayment."""
        body = {"amount": str(amount), "paid_on": on.isoformat(), "receipt": receipt}
        return await self._report("finance", BANK, f"loans/{loan}/repayments", body)

    async def open_canteen(self, year: int, budget: Decimal, reserve: Decimal) -> UUID:
        """A unit with a canteen, and its reserve of the year, filed and accepted."""
        unit = {
            "kind": "budget_unit", "name": "某县直机关食堂", "credit_code": CANTEEN_CODE,
            "region_code": "530128000000", "canteen": "own",
        }  # fmt: skip
        buyer = UUID((await self.api.post(BUYER, "/procurement/v1/buyers", unit))["id"])
        filing = {"year": year, "food_budget": str(budget), "reserve": str(reserve)}
        filed = await self._report("procurement", BUYER, f"buyers/{buyer}/reserves", filing)
        await self._change("procurement", BANK, "POST", f"reserves/{filed}", ":accept", None, reader=BUYER)
        return buyer

    async def order(self, buyer: UUID, number: str, behind: Sequence[UUID], each: Decimal, on: date) -> UUID:
        """An order with households, taken on the same day."""
        shares = [{"household_id": str(household), "amount": str(each)} for household in behind]
        body = {
            "order_number": number, "buyer_id": str(buyer), "channel": "direct", "purpose": "canteen",
            "placed_on": on.isoformat(), "shares": shares,
        }  # fmt: skip
        order = UUID((await self.api.post(BUYER, "/procurement/v1/orders", body))["id"])
        accept = {"accepted_on": on.isoformat()}
        await self._change("procurement", BUYER, "POST", f"orders/{order}", ":accept", accept)
        return order

    async def deliver(self, order: UUID, reference: str, accepted: Decimal, rejected: Decimal, on: date) -> None:
        """The goods come; some are sent back."""
        body = {
            "reference": reference, "delivered_on": on.isoformat(), "accepted": str(accepted),
            "rejected": str(rejected), "cause": "damaged", "final": True,
        }  # fmt: skip
        await self.api.post(BUYER, f"/procurement/v1/orders/{order}/deliveries", body)

    async def settle(self, order: UUID, reference: str, amount: Decimal, on: date) -> None:
        """The goods are paid; each household's part is a fact."""
        body = {"reference": reference, "paid_on": on.isoformat(), "amount": str(amount)}
        answer = await self.api.post(BUYER, f"/procurement/v1/orders/{order}/settlements", body)
        self.ledger.acknowledged("procurement", *(UUID(sale["id"]) for sale in answer["sales"]))

    async def drop_order(self, order: UUID, on: date) -> None:
        """The buyer gives an order up."""
        body = {"cancelled_on": on.isoformat(), "cause": "buyer"}
        await self._change("procurement", BUYER, "POST", f"orders/{order}", ":cancel", body)

    async def cancel_order(self, household_id: UUID, on: date, amount: Decimal) -> UUID:
        """A buyer cancelled what the household would have delivered."""
        body = {
            "order_number": f"DEMO-{str(household_id)[-6:]}-{on:%Y%m%d}",
            "cancelled_on": on.isoformat(),
            "cause": "buyer",
            "shares": [{"household_id": str(household_id), "amount": str(amount)}],
        }
        answer = await self.api.post(BUYER, "/procurement/v1/cancelled-orders", body)
        fact_id = UUID(answer["shares"][0]["id"])
        self.ledger.acknowledged("procurement", fact_id)
        return fact_id

    async def release_line(self, valid_from: date, value: Decimal) -> None:
        """A monitoring line, marked as a demonstration value: drafted by one office, released by another."""
        body = {
            "name": "line.monitoring",
            "path": "5301/",
            "valid_from": valid_from.isoformat(),
            "value": str(value),
            "document": "演示值，非官方文件",
            "clause": "G4",
            "confidence": "demo",
        }
        draft = await self.api.post(CITY, "/monitoring/v1/policy-drafts", body)
        await self.api.post(REVIEW, f"/monitoring/v1/policy-drafts/{draft['id']}:release")
