"""What an event class is: a frozen pydantic model that knows its publisher, its version and its wire type."""

from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Service = Literal["households", "employment", "finance", "procurement", "monitoring"]

Money = Annotated[Decimal, Field(max_digits=14, decimal_places=2)]
"""金额: yuan with two places, a string in JSON."""

Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
"""月份: a calendar month in Asia/Shanghai, `YYYY-MM`."""

RegionCode = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
"""统计用区划代码: the 12-digit statutory region code."""


class Event(BaseModel):
    """Something that happened and was written down by one service.

    The class is the contract of the `data` part only; who, when, which fact and which revision stand in the envelope.
    Consumers ignore fields they do not know, so fields may be added; anything else is a new version.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    SERVICE: ClassVar[Service]
    VERSION: ClassVar[int] = 1

    @classmethod
    def event_name(cls) -> str:
        """The event's name without its version, as in `WagePaid`."""
        return cls.__name__.removesuffix(f"V{cls.VERSION}")

    @classmethod
    def publishers(cls) -> tuple[Service, ...]:
        """The services that publish it: one, but for the few shapes that several share."""
        return (cls.SERVICE,)

    @classmethod
    def wire_type(cls) -> str:
        """The CloudEvents type, `cn.kunming.zengshou.<service>.<Event>.v<N>`."""
        return _wire_type(cls)


TYPE_PREFIX = "cn.kunming.zengshou"


class IncomeKind(StrEnum):
    """收入类别: the four kinds of household income."""

    WAGE = "wage"
    """工资性收入"""
    BUSINESS = "business"
    """生产经营性收入"""
    PROPERTY = "property"
    """财产性收入"""
    TRANSFER = "transfer"
    """转移性收入"""


@cache
def _wire_type(cls: type[Event]) -> str:
    return f"{TYPE_PREFIX}.{cls.SERVICE}.{cls.event_name()}.v{cls.VERSION}"
