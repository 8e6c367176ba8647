"""`zengshou explain`: why a household stands where it stands: level, rules, evidence, events, policy and clause."""

from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.tree import Tree

from ..api import Api
from ..demo.clients import CITY
from ..demo.screen import LEVELS
from ..exits import ExitCode, StackError
from ..output import show_json
from .letters import run
from .options import Json, State, state_directory


def explain(
    household: Annotated[str, typer.Argument(help="户 id 或户编号。 Household id or 户编号.")],
    all_rules: Annotated[bool, typer.Option("--all", help="也列出不成立的规则。 Also rules that do not hold.")] = False,
    state: State = None,
    json: Json = False,
) -> None:
    """解释一户的风险等级：规则、证据、事件、政策条款。 Explain a household's risk level."""
    found = run(state_directory(state), lambda api: explained(api, household))
    if json:
        show_json(found)
    else:
        show_explanation(found, all_rules=all_rules)


async def explained(api: Api, household: str) -> dict[str, Any]:
    """The household's risk with all it rests on.

    Raises:
        StackError: there is no such household.
    """
    id_ = household if _is_id(household) else await _by_number(api, household)
    found: dict[str, Any] | None = await api.find(CITY, f"/monitoring/v1/households/{id_}/risk")
    if found is None:
        raise StackError(ExitCode.REFUSED, zh=f"没有户 {household}。", en=f"There is no household {household}.")
    return found


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


async def _by_number(api: Api, number: str) -> str:
    found = await api.post(CITY, "/households/v1/households:search", {"number": number})
    if not found:
        raise StackError(ExitCode.REFUSED, zh=f"没有户编号 {number}。", en=f"There is no household number {number}.")
    return str(found[0]["id"])


def show_explanation(found: dict[str, Any], *, all_rules: bool = False) -> None:
    """Print the tree: level → rules → evidence and policy."""
    name, style = LEVELS[found["level"]]
    level = f"[{style}]{name}[/{style}]"
    top = Tree(
        f"户 [bold]{found['number']}[/bold] {level} 自 {found['level_since']} · 业务日期 {found['business_date']}"
    )
    figures = found["figures"]
    if "published" in figures:
        window = f"{figures['window_from']} 至 {figures['window_to']}"
        top.add(f"人均纯收入 {figures['published']} 元（预计 {figures['projected']} 元），{window}")
    for source, day in found["freshness"].items():
        top.add(f"[dim]{source} 最近数据 {day}[/dim]")
    for outcome in found["outcomes"]:
        if all_rules or outcome["state"] != "clear":
            _add_rule(top, outcome)
    Console(soft_wrap=True).print(top)


def _add_rule(top: Tree, outcome: dict[str, Any]) -> None:
    name, style = LEVELS[outcome["level"]]
    said = outcome["reason"]["zh"] if outcome["reason"] else f"缺少 {outcome['missing']}"
    branch = top.add(f"[{style}]{name}[/{style}] {outcome['name']['zh']} [dim]{outcome['rule']}[/dim]：{said}")
    for value in outcome["policy"]:
        source = f"{value['document']}，条款 {value['clause']} [dim]{value['confidence']}[/dim]"
        branch.add(f"政策 {value['name']} = {value['value']}，自 {value['valid_from']}，{source}")
    for fact in outcome["evidence"][-6:]:
        amount = f" {fact['amount']} 元" if fact["amount"] else ""
        branch.add(
            f"{fact['occurred_on']} {fact['name']['zh']}{amount} · {fact['source']} 第 {fact['revision']} 版"
            f" [dim]事件 {fact['event_id']} 跟踪 {fact['trace_id'] or '-'}[/dim]"
        )
