"""Request and answer models of households and persons; whatever names a person is secret on its way in."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from events.catalog.base import RegionCode
from events.catalog.households import EliminationWay, HouseholdType, LabourSkill, MonitoringCategory, RiskCause, Sex
from kit.models import AnswerModel, RequestModel, SecretText

Number = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[0-9A-Za-z-]+$")]
Text = Annotated[str, Field(max_length=32)]
Secret = Annotated[SecretText, Field(min_length=1, max_length=64)]
Phone = Annotated[SecretText, Field(min_length=7, max_length=16)]


class PersonIn(RequestModel):
    """成员: a person as stated; certificate of 18, 20 or 22 characters."""

    certificate: Secret
    name: Secret
    relation: Text
    phone: Phone | None = None
    number: Number | None = None
    labour_skill: LabourSkill | None = None
    education: Text | None = None
    school_stage: Text | None = None
    health: Annotated[tuple[Text, ...], Field(max_length=4)] = ()
    since: date | None = None


class HouseholdIn(RequestModel):
    """户: a household with all its members as stated on a date, by default the business date."""

    number: Number
    region_code: RegionCode
    household_type: HouseholdType
    category: MonitoringCategory | None = None
    identified_on: date | None = None
    risk_eliminated: bool | None = None
    eliminated_on: date | None = None
    elimination_way: EliminationWay | None = None
    causes: Annotated[tuple[RiskCause, ...], Field(max_length=5)] = ()
    no_labour: bool = False
    members: Annotated[tuple[PersonIn, ...], Field(max_length=60)]
    stated_on: date | None = None


class HouseholdPatch(RequestModel):
    """户信息变更: what is left out stays."""

    region_code: RegionCode = ""
    household_type: HouseholdType = HouseholdType.GENERAL
    category: MonitoringCategory | None = None
    identified_on: date | None = None
    risk_eliminated: bool | None = None
    eliminated_on: date | None = None
    elimination_way: EliminationWay | None = None
    causes: Annotated[tuple[RiskCause, ...], Field(max_length=5)] = ()
    no_labour: bool = False


class PersonPatch(RequestModel):
    """成员信息变更: what is left out stays."""

    name: Secret = SecretText("")
    relation: Text = ""
    phone: Phone | None = None
    labour_skill: LabourSkill | None = None
    education: Text | None = None
    school_stage: Text | None = None
    health: Annotated[tuple[Text, ...], Field(max_length=4)] = ()


class Leaving(RequestModel):
    """成员离开: reason is one of moved, died, married, split, corrected."""

    on: date
    reason: Text
    successor_id: UUID | None = None


class Moving(Leaving):
    """成员迁移: between two households in one's own area."""

    to_household_id: UUID
    relation: Text


class Search(RequestModel):
    """查询: by 户编号, by certificate, or by name and phone, never in the address; `path` narrows to a village."""

    number: Number | None = None
    certificate: Secret | None = None
    name: Secret | None = None
    phone: Phone | None = None
    path: Annotated[str, Field(max_length=60)] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "Search":
        ways = (self.number, self.certificate, self.name or self.phone)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("either number, or certificate, or name and phone")
        return self


class Identification(RequestModel):
    """识别: what is known of a person without a certificate."""

    name: Secret | None = None
    phone: Phone | None = None
    birth_date: date | None = None
    path: Annotated[str, Field(max_length=60)] | None = None

    @model_validator(mode="after")
    def _name_or_phone(self) -> "Identification":
        if self.name is None and self.phone is None:
            raise ValueError("name or phone")
        return self


class Placed(RequestModel):
    """成员与关系: what a member is to the head of the household that takes it in."""

    person_id: UUID
    relation: Text


Places = Annotated[tuple[Placed, ...], Field(max_length=60)]


class Merge(RequestModel):
    """并户: this household becomes an alias of the other one; members not named keep their relation."""

    into_household_id: UUID
    on: date
    members: Places = ()


class Unmerge(RequestModel):
    """撤销并户: successor_id becomes head where the former one does not come back."""

    successor_id: UUID | None = None


class Split(RequestModel):
    """分户: the members named found a new household."""

    number: Number
    region_code: RegionCode
    household_type: HouseholdType
    on: date
    members: Annotated[tuple[Placed, ...], Field(min_length=1, max_length=60)]
    successor_id: UUID | None = None


class PersonOut(AnswerModel):
    """成员: name, certificate and phone are masked; `:reveal` shows them and is audited."""

    id: UUID
    household_id: UUID
    number: str | None
    masked_name: str
    masked_phone: str | None
    birth_date: date
    sex: Sex
    disability: str | None
    relation: str
    labour_skill: LabourSkill | None
    education: str | None
    school_stage: str | None
    health: tuple[str, ...]
    active: bool
    since: date
    version: int


class HouseholdOut(AnswerModel):
    """户: as it now stands."""

    id: UUID
    number: str
    region_code: str
    path: str
    household_type: HouseholdType
    category: MonitoringCategory | None
    identified_on: date | None
    risk_eliminated: bool | None
    eliminated_on: date | None
    elimination_way: EliminationWay | None
    causes: tuple[RiskCause, ...]
    no_labour: bool
    size: int
    stated_on: date
    decided_on: date
    version: int
    merged_into: UUID | None
    grid: str | None
    case_id: UUID | None
    """办理个案 whose step decided category, risks and elimination; null where an export or an officer said them"""
    case_version: int | None
    ended_on: date | None
    """撤销登记: when its registration was taken back; it is in no list until it is stated again"""


class HouseholdDetail(HouseholdOut):
    """户及成员: the head first."""

    members: tuple[PersonOut, ...]


class MembershipOut(AnswerModel):
    """成员史: the name is hidden once the person is out of one's area."""

    person_id: UUID
    masked_name: str | None
    since: date
    until: date | None
    reason: str | None


class Identified(AnswerModel):
    """识别结果: exactly one person fits."""

    person_id: UUID
    household_id: UUID
    household_number: str
    masked_name: str
    birth_date: date


class Revealed(AnswerModel):
    """明文: what was sealed."""

    id: UUID
    name: str
    certificate: str
    phone: str | None
