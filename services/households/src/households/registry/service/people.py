"""From what is stated about a person to the row that is kept: certificate checked, names sealed."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from kit.cipher import FieldCipher, mask_name, mask_phone
from kit.errors import Invalid, Refusal
from kit.identity import Certificate, normalise_certificate

from ..queries import Person
from ..rules import EDUCATION, FIRST_VERSION, HEALTH, RELATIONS, MemberShape, name_key
from .commands import PersonFacts

PURPOSE = "registry"
"""The purpose key under which names, certificates and phones of the registry are sealed."""


@dataclass(slots=True, kw_only=True)
class PersonDraft:
    """A person on the way into a household."""

    facts: PersonFacts
    certificate: Certificate
    blind_index: str
    person_id: UUID
    since: date
    position: int | None = None
    former: Person | None = None

    @property
    def version(self) -> int:
        """Of the row it becomes; a former member goes on counting."""
        return self.former.version + 1 if self.former else FIRST_VERSION

    @property
    def shape(self) -> MemberShape:
        """What the rules about a whole household look at."""
        return MemberShape(identity=self.blind_index, relation=self.facts.relation, sex=self.certificate.sex)


def shape_of(person: Person) -> MemberShape:
    """The same of a registered person."""
    return MemberShape(identity=person.blind_index, relation=person.relation, sex=person.sex)


def person_row(draft: PersonDraft, household_id: UUID, cipher: FieldCipher) -> Person:
    """The row of a person that joins a household now; a former member keeps id and goes on counting versions."""
    facts, certificate, person_id = draft.facts, draft.certificate, draft.person_id
    return Person(
        id=person_id,
        household_id=household_id,
        number=facts.number,
        blind_index=draft.blind_index,
        certificate=_seal(cipher, "certificate", person_id, certificate.id18),
        name=_seal(cipher, "name", person_id, facts.name.strip()),
        masked_name=mask_name(facts.name.strip()),
        phone=_seal(cipher, "phone", person_id, facts.phone) if facts.phone else None,
        masked_phone=mask_phone(facts.phone) if facts.phone else None,
        birth_date=certificate.birth_date,
        sex=certificate.sex,
        disability=_disability(certificate),
        relation=facts.relation,
        labour_skill=facts.labour_skill,
        education=facts.education,
        school_stage=facts.school_stage,
        health=tuple(sorted(facts.health)),
        active=True,
        since=draft.since,
        version=draft.version,
        name_index=name_index(facts.name, cipher),
        phone_index=phone_index(facts.phone, cipher) if facts.phone else None,
    )


def name_index(name: str, cipher: FieldCipher) -> str:
    """By which a person is found by name; a keyed digest, apart from that of certificates."""
    return cipher.blind_index(f"name\x1f{name_key(name)}")


def phone_index(phone: str, cipher: FieldCipher) -> str:
    """By which a person is found by phone."""
    return cipher.blind_index(f"phone\x1f{phone.strip()}")


def amended(row: Person, facts: PersonFacts, certificate: Certificate, cipher: FieldCipher) -> Person | None:
    """The row with what is stated now, one version on; None where nothing differs."""
    new = replace(
        row,
        number=facts.number or row.number,
        disability=_disability(certificate) or row.disability,
        relation=facts.relation,
        labour_skill=facts.labour_skill,
        education=facts.education,
        school_stage=facts.school_stage,
        health=tuple(sorted(facts.health)),
    )
    new = _renamed(new, facts, cipher)
    return None if new == row else replace(new, version=row.version + 1)


def _renamed(row: Person, facts: PersonFacts, cipher: FieldCipher) -> Person:
    """Sealed fields anew only where their clear text differs, because sealing twice never gives the same bytes."""
    name = facts.name.strip()
    if name != opened(row, "name", cipher):
        sealed = _seal(cipher, "name", row.id, name)
        row = replace(row, name=sealed, masked_name=mask_name(name), name_index=name_index(name, cipher))
    if facts.phone and facts.phone != opened(row, "phone", cipher):
        phone = _seal(cipher, "phone", row.id, facts.phone)
        indexed = phone_index(facts.phone, cipher)
        row = replace(row, phone=phone, masked_phone=mask_phone(facts.phone), phone_index=indexed)
    return row


def _disability(certificate: Certificate) -> str | None:
    """残疾类别 and 残疾等级 in two digits, where the certificate told them."""
    return f"{certificate.disability}{certificate.grade}" if certificate.disability else None


def opened(row: Person, column: str, cipher: FieldCipher) -> str | None:
    """The clear text of a sealed field."""
    sealed: bytes | None = getattr(row, column)
    return cipher.open(PURPOSE, "persons", column, row.id, sealed) if sealed is not None else None


def stated(row: Person, cipher: FieldCipher) -> PersonFacts:
    """What is stated about a registered person."""
    return PersonFacts(
        certificate=opened(row, "certificate", cipher) or "",
        name=opened(row, "name", cipher) or "",
        relation=row.relation,
        phone=opened(row, "phone", cipher),
        number=row.number,
        labour_skill=row.labour_skill,
        education=row.education,
        school_stage=row.school_stage,
        health=row.health,
        since=row.since,
    )


def check_facts(facts: PersonFacts, prefix: str) -> tuple[Certificate | None, list[Refusal]]:
    """The certificate as normalised, and all that is wrong with a person.

    Args:
        facts: what is stated.
        prefix: JSON pointer of the person in the request.
    """
    problems = list[Refusal]()
    certificate: Certificate | None = None
    try:
        certificate = normalise_certificate(facts.certificate)
    except Refusal as refusal:
        refusal.pointer = f"{prefix}/certificate"
        problems.append(refusal)
    if not facts.name.strip():
        problems.append(_listed("name-missing", "姓名为空", "the name is empty", f"{prefix}/name"))
    if facts.relation not in RELATIONS:
        problems.append(_listed("relation", "与户主关系不在清单内", "unknown relation", f"{prefix}/relation"))
    if certificate is not None and facts.since is not None and facts.since < certificate.birth_date:
        problems.append(_listed("since-before-birth", "加入日期早于出生日期", "joined before birth", f"{prefix}/since"))
    if facts.education is not None and facts.education not in EDUCATION:
        problems.append(_listed("education", "文化程度不在清单内", "unknown education", f"{prefix}/education"))
    if not HEALTH.issuperset(facts.health):
        problems.append(_listed("health", "健康状况不在清单内", "unknown state of health", f"{prefix}/health"))
    return certificate, problems


def _listed(code: str, zh: str, en: str, pointer: str) -> Invalid:
    return Invalid(
        code=code, zh=zh, en=en, fix_zh="按全国监测系统清单填写", fix_en="use the national code list", pointer=pointer
    )


def _seal(cipher: FieldCipher, column: str, person_id: UUID, text: str) -> bytes:
    return cipher.seal(PURPOSE, "persons", column, person_id, text)
