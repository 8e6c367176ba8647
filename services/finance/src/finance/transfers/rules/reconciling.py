"""对账: the bank's answer against the lines of a batch; all of it holds, or nothing is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from kit.errors import Invalid, Refusal

from .model import Batch, BatchState, Line, LineState, ReturnReason
from .refusals import AmountDiffers, DayOutOfTime, LineTwice, LineUnknown, OutcomeContradicts, TotalDiffers

_ZERO: Final = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredLine:
    """银行答复明细: paid, or returned with a reason."""

    number: int
    amount: Decimal
    on: date
    reason: ReturnReason | None = None

    @property
    def state(self) -> LineState:
        """What became of the line."""
        return LineState.PAID if self.reason is None else LineState.RETURNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """银行答复: lines and the bank's own totals of them, yuan."""

    lines: Sequence[AnsweredLine]
    paid: Decimal
    returned: Decimal


def reconciled(batch: Batch, lines: Mapping[int, Line], answer: Answer, on: date) -> tuple[Batch, list[Line]]:
    """The batch after an answer, and the lines that it changes; what was told before changes nothing.

    Args:
        batch: released.
        lines: of the batch, by number.
        answer: of the bank.
        on: the business date.

    Raises:
        LineUnknown, LineTwice, AmountDiffers, DayOutOfTime, OutcomeContradicts, TotalDiffers: as they say.
        Invalid: several of them.
    """
    problems: list[Refusal] = []
    changed: list[Line] = []
    seen: set[int] = set()
    for place, told in enumerate(answer.lines):
        line = lines.get(told.number)
        if told.number in seen:
            problems.append(LineTwice(pointer=f"/lines/{place}/number"))
        elif line is None:
            problems.append(LineUnknown(pointer=f"/lines/{place}/number"))
        elif refusal := _wrong(batch, line, told, on, f"/lines/{place}"):
            problems.append(refusal)
        elif (line.state, line.happened_on, line.reason) != (told.state.value, told.on, told.reason):
            changed.append(replace(line, state=told.state.value, happened_on=told.on, reason=told.reason))
        seen.add(told.number)
    problems += _totals(answer)
    if problems:
        raise problems[0] if len(problems) == 1 else Invalid(several=problems)
    return _after(batch, lines, changed, on), changed


def _wrong(batch: Batch, line: Line, told: AnsweredLine, on: date, at: str) -> Refusal | None:
    if told.amount != line.amount:
        return AmountDiffers(pointer=f"{at}/amount")
    if told.on > on or batch.released_on is None or told.on < batch.released_on:
        return DayOutOfTime(pointer=f"{at}/on")
    if line.state == LineState.OPEN or line.happened_on is None:
        return None
    # Money that was paid may come back later; what came back is paid by another batch.
    same = (line.state, line.happened_on, line.reason) == (told.state.value, told.on, told.reason)
    came_back = line.state == LineState.PAID and told.reason is not None and told.on >= line.happened_on
    return None if same or came_back else OutcomeContradicts(pointer=f"{at}/number")


def _totals(answer: Answer) -> list[Refusal]:
    sums = dict.fromkeys((LineState.PAID, LineState.RETURNED), _ZERO)
    for told in answer.lines:
        sums[told.state] += told.amount
    stated = {LineState.PAID: answer.paid, LineState.RETURNED: answer.returned}
    return [TotalDiffers(pointer=f"/{state.value}") for state, amount in sums.items() if amount != stated[state]]


def _after(batch: Batch, lines: Mapping[int, Line], changed: Sequence[Line], on: date) -> Batch:
    if not changed:
        return batch
    standing = {**lines, **{line.number: line for line in changed}}.values()
    paid = sum((line.amount for line in standing if line.state == LineState.PAID), _ZERO)
    returned = sum((line.amount for line in standing if line.state == LineState.RETURNED), _ZERO)
    settled = all(line.state != LineState.OPEN for line in standing)
    after = replace(batch, version=batch.version + 1, paid=paid, returned=returned)
    return replace(after, state=BatchState.SETTLED.value, settled_on=batch.settled_on or on) if settled else after
