"""Unknown query parameters are refused: a misspelt filter must not silently widen an answer."""

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from .errors import Invalid
from .problems import shown_name


class UnknownParameter(Invalid):
    """不认识的参数."""

    code = "unknown-parameter"
    zh, en = "请求带有不认识的查询参数", "the request has an unknown query parameter"
    fix_zh, fix_en = "请核对参数名，或查看接口文档 /docs", "check its name or see /docs"


async def refuse_unknown_parameters(request: Request) -> None:
    """The dependency of every route.

    Raises:
        UnknownParameter: the query has a name that the route does not declare.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute) or not request.query_params:
        return
    unknown = set(request.query_params) - set(declared(route.dependant))
    if unknown:
        faults = [UnknownParameter(pointer=f"query:{shown_name(name)}") for name in sorted(unknown)]
        raise UnknownParameter(several=faults)


def declared(dependant: Dependant) -> Iterator[str]:
    """The names of the query parameters a route and its dependencies declare."""
    for field in dependant.query_params:
        model = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            yield from (inner.alias or name for name, inner in model.model_fields.items())
        else:
            yield field.alias
    for inner_dependant in dependant.dependencies:
        yield from declared(inner_dependant)
