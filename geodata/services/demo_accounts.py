"""One account of each role for the demo, so that every role's day can be tried."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from geodata.db import accounts as store
from geodata.domain.roles import ON_POSTS, Role
from geodata.services import accounts
from geodata.services.accounts import Appointment, NewAccount


@dataclass(frozen=True, slots=True)
class SignIn:
    """What somebody signs in with."""

    login: str
    name: str
    password: str = field(repr=False)


_PEOPLE: Final[tuple[tuple[Role, str, str, int], ...]] = (
    (Role.DISTRICT, "district", "区管理员", 0),
    (Role.STREET, "street", "街道管理员", 9),
    (Role.SECRETARY, "secretary", "社区书记", 12),
    (Role.GRID_HEAD, "gridhead", "网格长", 15),
    (Role.WORKER, "worker", "网格员", 15),
    (Role.GROUP_LEADER, "leader", "党小组组长", 15),
    (Role.DISPATCHER, "dispatcher", "派遣员", 12),
    (Role.CHECKER, "checker", "核查员", 12),
    (Role.DEPARTMENT, "department", "处置部门", 0),
    (Role.AUDITOR, "auditor", "审计员", 0),
    (Role.ADMINISTRATOR, "administrator", "系统管理员", 0),
)
"""Role, login name, shown name, and how many digits of the sample grid's code its scope has."""


def make(session: Session, now: datetime) -> list[SignIn]:
    """The sign-ins of the new accounts; none where the district is not the demo.

    All stand around one grid that has a lead and an assistant.
    """
    sample = store.staffed_grid(session, now)
    if sample is None:
        return []
    workers = {Role.GRID_HEAD: sample["lead"], Role.WORKER: sample["assistant"]}
    handed = store.busiest_department(session)
    made = []
    for role, login, name, digits in _PEOPLE:
        new = NewAccount(
            *(login, f"{name}（演示）"),
            worker=workers.get(role),
            must_change=False,
            department=handed if role is Role.DEPARTMENT else None,
        )
        number, password = accounts.create(session, new, now)
        scope = "" if role in ON_POSTS else str(sample["code"])[:digits]
        accounts.grant(session, number, Appointment(role, scope, now), None, now)
        made.append(SignIn(login, name, password))
    return made
