"""How to reach whoever reported an issue: what it is, and what is shown of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from geodata.domain.privacy import folded, masked_name

Kind = Literal["name", "phone", "identity", "other"]

_KINDS: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    ("identity", re.compile("身份|证件|ID_?CARD", re.IGNORECASE)),
    ("phone", re.compile("电话|手机|号码|联系方式|PHONE|MOBILE|TEL|CONTACT", re.IGNORECASE)),
    ("other", re.compile("性别|年龄|微信|邮箱|QQ|EMAIL|GENDER", re.IGNORECASE)),
    ("name", re.compile("人|姓名|NAME|CALLER|REPORTER", re.IGNORECASE)),
)
LONGEST: Final = 200
_MOBILE: Final = 11
_IDENTITY: Final = 18
_TAIL: Final = 3


@dataclass(frozen=True, slots=True)
class ContactFact:
    """One thing known of a person; `label` is the header of an imported column, else empty."""

    kind: Kind
    label: str
    value: str


def from_columns(cells: Mapping[str, str]) -> list[ContactFact]:
    """The facts in the contact columns of an imported row, by header; empty cells are none."""
    return [ContactFact(kind(name), name, cell[:LONGEST]) for name, cell in cells.items() if cell]


def given(name: str, phone: str) -> list[ContactFact]:
    """The facts that somebody gave with a report."""
    facts = (ContactFact("name", "", name.strip()), ContactFact("phone", "", folded(phone).strip()))
    return [fact for fact in facts if fact.value]


def kind(label: str) -> Kind:
    """What a column of this name tells of a person."""
    return next((kind for kind, words in _KINDS if words.search(label)), "other")


def masked(facts: Iterable[ContactFact]) -> list[ContactFact]:
    """The facts as they are shown by default: 张**, 139****5678, 610***********1234, else **."""
    return [ContactFact(fact.kind, fact.label, _masked(fact)) for fact in facts]


def _masked(fact: ContactFact) -> str:
    if fact.kind == "name":
        return masked_name(fact.value)
    digits = re.sub("[^0-9Xx]", "", folded(fact.value))
    if fact.kind == "phone" and digits[-_MOBILE:].startswith("1") and len(digits) >= _MOBILE:
        return f"{digits[-_MOBILE:][:3]}****{digits[-4:]}"
    if fact.kind == "identity" and len(digits) == _IDENTITY:
        return f"{digits[:3]}***********{digits[-4:]}"
    return f"****{digits[-_TAIL:]}" if fact.kind == "phone" else "**"
