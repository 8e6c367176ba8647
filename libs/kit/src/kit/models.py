"""What request and answer models of all services share."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, SecretStr

from .clock import SHANGHAI


class RequestModel(BaseModel):
    """A JSON request: unknown fields are refused, so that a misspelt one is not silently lost."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class AnswerModel(BaseModel):
    """A JSON answer."""

    model_config = ConfigDict(frozen=True)


Yuan = Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=2)]
"""金额: yuan above zero, two places at most."""


class SecretText(SecretStr):
    """敏感文本: text whose repr, str and JSON form are masked; `get_secret_value()` gives it."""


def _in_kunming(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat()


Moment = Annotated[AwareDatetime, PlainSerializer(_in_kunming, return_type=str, when_used="json")]
"""时刻: RFC 3339 with its offset; answers carry +08:00."""


def lax_models(annotation: Any, seen: frozenset[type] = frozenset()) -> list[str]:
    """Names of the request models within an annotation that would accept unknown fields."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation in seen:
            return []
        own = [] if annotation.model_config.get("extra") == "forbid" else [annotation.__name__]
        fields = (field.annotation for field in annotation.model_fields.values())
        return own + [name for field in fields for name in lax_models(field, seen | {annotation})]
    return [name for part in getattr(annotation, "__args__", ()) for name in lax_models(part, seen)]
