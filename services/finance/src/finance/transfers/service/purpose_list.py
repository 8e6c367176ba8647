"""The list of purposes of public money, which the city edits; what is owed under one stays as it was taken."""

from typing import Final

from directory.code_list import CodeList

from ..rules import Purpose, PurposeKnown, PurposesOfTheCity, PurposeUnknown
from ..tables import purposes

PURPOSES: Final = CodeList(
    table=purposes, item=Purpose, of_the_city=PurposesOfTheCity, known=PurposeKnown, unknown=PurposeUnknown
)
