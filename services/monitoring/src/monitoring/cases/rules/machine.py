"""The statutory chain as a state machine: what a step makes of a case, and which steps its state allows. Pure.

verifying ─(verified and compared; green channel: verified)→ reviewing → posting → notice → township → county → listed
An objection that is upheld, or a return, leads back to verifying; elimination runs the same chain once more.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from .model import Case, Move, State, Step
from .refusals import NoticeRunning, StepOutOfOrder

_UNDER_WAY: Final = frozenset(
    {State.VERIFYING, State.REVIEWING, State.POSTING, State.NOTICE, State.TOWNSHIP, State.COUNTY}
)
_STANDING: Final = _UNDER_WAY | {State.LISTED, State.ELIMINATED}
_ALLOWED: Final[dict[Move, frozenset[State]]] = {
    Move.VERIFY: frozenset({State.VERIFYING}),
    Move.AUTHORISE: _UNDER_WAY | {State.LISTED},
    Move.COMPARE: _UNDER_WAY | {State.LISTED},
    Move.REVIEW: frozenset({State.REVIEWING}),
    Move.POST: frozenset({State.POSTING}),
    Move.OBJECT: frozenset({State.NOTICE}),
    Move.DISMISS: frozenset({State.NOTICE}),
    Move.UPHOLD: frozenset({State.NOTICE}),
    Move.CLOSE_NOTICE: frozenset({State.NOTICE}),
    Move.PASS_TOWNSHIP: frozenset({State.TOWNSHIP}),
    Move.APPROVE: frozenset({State.COUNTY}),
    Move.RETURN: frozenset({State.TOWNSHIP, State.COUNTY}),
    Move.REFUSE: _UNDER_WAY,
    Move.PAUSE: _UNDER_WAY,
    Move.MEASURE: _UNDER_WAY | {State.LISTED},
    Move.PROPOSE_ELIMINATION: frozenset({State.LISTED}),
    Move.REENTER: frozenset({State.ELIMINATED}),
    Move.TAKE_OVER: _STANDING,
    Move.WITHDRAW: _STANDING,
}


def opened(case_id: UUID, step: Step) -> Case:
    """A case out of its first step: a clue, or a household that was listed before the platform."""
    case = Case(
        id=case_id,
        state=State.VERIFYING,
        opened_on=step.on,
        channel=step.channel,
        green_channel=step.green_channel,
        due_on=step.due_on,
        causes=step.causes,
    )
    if step.move is Move.TAKE_OVER:
        return replace(_take_over(case, step), decided_on=step.identified_on, **_ruled(step))
    if step.move is not Move.LOAD:
        return case
    return replace(
        case,
        state=State.LISTED,
        compared=True,
        category=step.category,
        identified_on=step.identified_on,
        decided_on=step.identified_on,
        **_ruled(step),
    )


def _ruled(step: Step) -> dict[str, Any]:
    return {"ruled_on": step.ruled_on or step.on, "stated": step.move.of_register} if step.move.rules else {}


def moved(case: Case, step: Step) -> Case:
    """The case after a step.

    Raises:
        StepOutOfOrder: its state does not allow the step.
        NoticeRunning: the notice may not end yet.
    """
    if case.state not in _ALLOWED.get(step.move, frozenset()):
        raise StepOutOfOrder
    return replace(_EFFECTS[step.move](case, step), version=case.version + 1, **_ruled(step))


def _settle(case: Case) -> Case:
    """On to the review, once all it stands on is there; a green channel does not wait for the comparison."""
    ready = case.verified and (case.compared or case.green_channel or case.eliminating)
    return replace(case, state=State.REVIEWING) if case.state is State.VERIFYING and ready else case


def _verify(case: Case, step: Step) -> Case:
    return _settle(replace(case, verified=step.confirmed is True))


def _authorise(case: Case, step: Step) -> Case:
    return replace(case, authorised_on=step.on)


def _compare(case: Case, step: Step) -> Case:
    late = case.state not in (State.VERIFYING, State.LISTED)
    if case.authorised_on is None or (late and not case.green_channel):
        raise StepOutOfOrder
    agrees = step.confirmed is True
    # What departments hold against it must be looked at on the spot again.
    verified = case.verified and (agrees or case.state is not State.VERIFYING)
    return _settle(replace(case, compared=agrees, verified=verified))


def _review(case: Case, step: Step) -> Case:
    return replace(case, state=State.POSTING) if step.confirmed else _back(case)


def _post(case: Case, step: Step) -> Case:
    return replace(case, state=State.NOTICE, notice_until=step.until)


def _object(case: Case, step: Step) -> Case:
    return replace(case, objected=True)


def _dismiss(case: Case, step: Step) -> Case:
    if not case.objected:
        raise StepOutOfOrder
    return replace(case, objected=False)


def _uphold(case: Case, step: Step) -> Case:
    if not case.objected:
        raise StepOutOfOrder
    return _back(case)


def _back(case: Case, step: Step | None = None) -> Case:
    return replace(
        case,
        state=State.VERIFYING,
        verified=False,
        notice_until=None,
        objected=False,
        township_officer=None,
        rechecks=case.rechecks + 1,
    )


def _close_notice(case: Case, step: Step) -> Case:
    if case.objected or case.notice_until is None or step.on < case.notice_until:
        raise NoticeRunning
    return replace(case, state=State.TOWNSHIP)


def _pass_township(case: Case, step: Step) -> Case:
    return replace(case, state=State.COUNTY, township_officer=step.officer)


def _approve(case: Case, step: Step) -> Case:
    if case.eliminating:
        return replace(case, state=State.ELIMINATED, eliminating=False, eliminated_on=step.on)
    return replace(
        case,
        state=State.LISTED,
        decided_on=step.on,
        identified_on=step.on,
        category=step.category,
        causes=step.causes or case.causes,
    )


def _refuse(case: Case, step: Step) -> Case:
    if case.eliminating:
        return replace(_back(case), state=State.LISTED, eliminating=False, way=None, reason=step.reason)
    return replace(case, state=State.REFUSED, decided_on=step.on, reason=step.reason)


def _pause(case: Case, step: Step) -> Case:
    return replace(case, reason=step.reason)


def _measure(case: Case, step: Step) -> Case:
    if step.cause is None or step.measure is None or step.cause not in case.causes:
        raise StepOutOfOrder(pointer="/cause")
    return replace(case, measures=(*case.measures, (step.cause, step.measure.value, step.on)))


def _propose(case: Case, step: Step) -> Case:
    return replace(_back(case), eliminating=True, way=step.way, rechecks=case.rechecks)


def _reenter(case: Case, step: Step) -> Case:
    return replace(case, state=State.LISTED, way=None, eliminated_on=None, causes=step.causes or case.causes)


def _take_over(case: Case, step: Step) -> Case:
    """Where the register puts it, whatever was under way here; a clue's days end with the statement."""
    gone = step.eliminated_on is not None
    return replace(
        _back(case),
        state=State.ELIMINATED if gone else State.LISTED,
        eliminating=False,
        compared=True,
        decided_on=case.decided_on or max(step.ruled_on or step.on, case.opened_on),
        category=step.category,
        causes=step.causes,
        identified_on=step.identified_on,
        eliminated_on=step.eliminated_on,
        way=step.way if gone else None,
        rechecks=case.rechecks,
    )


def _withdraw(case: Case, step: Step) -> Case:
    return replace(case, state=State.REFUSED, eliminating=False, reason=step.reason)


_EFFECTS: Final[dict[Move, Callable[[Case, Step], Case]]] = {
    Move.VERIFY: _verify,
    Move.AUTHORISE: _authorise,
    Move.COMPARE: _compare,
    Move.REVIEW: _review,
    Move.POST: _post,
    Move.OBJECT: _object,
    Move.DISMISS: _dismiss,
    Move.UPHOLD: _uphold,
    Move.CLOSE_NOTICE: _close_notice,
    Move.PASS_TOWNSHIP: _pass_township,
    Move.APPROVE: _approve,
    Move.RETURN: _back,
    Move.REFUSE: _refuse,
    Move.PAUSE: _pause,
    Move.MEASURE: _measure,
    Move.PROPOSE_ELIMINATION: _propose,
    Move.REENTER: _reenter,
    Move.TAKE_OVER: _take_over,
    Move.WITHDRAW: _withdraw,
}
