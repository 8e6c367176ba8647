"""Events of talents: who was trained or certified for what (§17). Persons by id only; names never travel."""

from datetime import date
from uuid import UUID

from ..base import RegionCode
from .publisher import _Household


class TalentRegistered(_Household):
    """实用型人才登记 (§17): a person of a household, or somebody of an entity; voided where it never was so."""

    talent_id: UUID
    kind: str
    """人才类别: a code of the editable list"""
    region_code: RegionCode
    person_id: UUID | None = None
    """of a registered household; null = somebody else, whose name stays where it was registered"""
    entity_id: UUID | None = None
    """经营主体 the talent works for"""
    since: date
    document: str
    """证书或文件, without its number"""


class TalentEnded(_Household):
    """人才退出: next revision of the same `fact_id`."""

    talent_id: UUID
    until: date
    """first day without it"""
