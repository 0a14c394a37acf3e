"""Who may do what, and where: the whole table, and the three questions that are asked of it.

A grant gives a role over a stretch of the tiers: a code and everything below it, the empty code
being the whole store. Roles of the street corner (grid worker, grid head) have no stretch of their
own: their ground is the grids of their present posts, so that it follows appointments and redraws
by itself. A deputy has the absent person's ground for the days that the grant names. A department
sees of the issues what was handed to it, wherever that lies, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody is here; the value is what the store keeps."""

    WORKER = "worker"  # 网格员
    GRID_HEAD = "grid_head"  # 网格长
    GROUP_LEADER = "group_leader"  # 党小组组长
    SECRETARY = "secretary"  # 社区书记
    DISPATCHER = "dispatcher"  # 派遣员
    CHECKER = "checker"  # 核查员
    DEPARTMENT = "department"  # 处置部门
    STREET = "street"  # 街道
    DISTRICT = "district"  # 区
    AUDITOR = "auditor"  # 审计员
    ADMINISTRATOR = "administrator"  # 系统管理员


class Action(StrEnum):
    """What can be done, now or in a room that is still to be built."""

    SEE_GROUND = "see_ground"  # tiers, base map, outlines: what hangs on the wall of the town hall
    REPORT = "report"  # a resident's report, and following it by its random number
    OWN_ACCOUNT = "own_account"  # one's password, second factor and sessions
    SEE_FIGURES = "see_figures"  # households, residents, workers and groups of an area
    SEE_ISSUES = "see_issues"  # lists, points and counts of issues, and one issue's whole facts
    SEE_CERTIFICATE = "see_certificate"
    SEE_QUALITY = "see_quality"
    SEE_COVERAGE = "see_coverage"
    EXPORT = "export"
    IMPORT_TICKETS = "import_tickets"
    LOAD_LAYERS = "load_layers"
    RECORD_VISIT = "record_visit"  # that somebody went to see a grid
    HANDLE_ISSUE = "handle_issue"  # accept, settle on the spot, hand back
    DISPATCH_ISSUE = "dispatch_issue"
    CHECK_ISSUE = "check_issue"
    SUPERVISE_ISSUE = "supervise_issue"  # extend, suspend, call overdue ones in
    PUBLISH_BULLETIN = "publish_bulletin"  # 民情发布: notices and solved issues
    UNMASK_CONTACT = "unmask_contact"
    DRAFT_REDRAW = "draft_redraw"
    SUBMIT_REDRAW = "submit_redraw"
    APPROVE_REDRAW = "approve_redraw"
    PUBLISH_REDRAW = "publish_redraw"
    APPOINT_WORKERS = "appoint_workers"
    MANAGE_ACCOUNTS = "manage_accounts"
    READ_AUDIT = "read_audit"


ANYBODY: Final = frozenset({Action.SEE_GROUND, Action.REPORT})
"""What a resident may without an account, everywhere."""

SIGNED_IN: Final = ANYBODY | {Action.OWN_ACCOUNT}
"""What whoever has an account may besides, everywhere."""

_STAFF: Final = {Action.SEE_FIGURES, Action.SEE_ISSUES, Action.SEE_CERTIFICATE}
_IN_GRID: Final = _STAFF | {Action.HANDLE_ISSUE, Action.UNMASK_CONTACT, Action.RECORD_VISIT}
_OFFICE: Final = (
    _STAFF | {Action.SEE_QUALITY, Action.SEE_COVERAGE, Action.EXPORT} | {Action.RECORD_VISIT}
)
_DRAWS: Final = {Action.DRAFT_REDRAW, Action.SUBMIT_REDRAW}

TABLE: Final[Mapping[Role, frozenset[Action]]] = {
    Role.WORKER: frozenset(_IN_GRID),
    Role.GRID_HEAD: frozenset(_IN_GRID),
    Role.GROUP_LEADER: frozenset(_STAFF | {Action.RECORD_VISIT}),
    Role.SECRETARY: frozenset(
        _OFFICE
        | _DRAWS
        | {Action.IMPORT_TICKETS, Action.HANDLE_ISSUE, Action.DISPATCH_ISSUE, Action.CHECK_ISSUE}
        | {Action.UNMASK_CONTACT, Action.APPOINT_WORKERS, Action.PUBLISH_BULLETIN}
    ),
    Role.DISPATCHER: frozenset(_STAFF | {Action.IMPORT_TICKETS, Action.DISPATCH_ISSUE}),
    Role.CHECKER: frozenset(_STAFF | {Action.CHECK_ISSUE}),
    Role.DEPARTMENT: frozenset(_STAFF | {Action.HANDLE_ISSUE, Action.UNMASK_CONTACT}),
    Role.STREET: frozenset(
        _OFFICE
        | _DRAWS
        | {Action.APPROVE_REDRAW, Action.PUBLISH_REDRAW, Action.SUPERVISE_ISSUE}
        | {Action.IMPORT_TICKETS, Action.DISPATCH_ISSUE, Action.APPOINT_WORKERS}
        | {Action.UNMASK_CONTACT, Action.PUBLISH_BULLETIN}
    ),
    Role.DISTRICT: frozenset(
        _OFFICE
        | _DRAWS
        | {Action.APPROVE_REDRAW, Action.PUBLISH_REDRAW, Action.SUPERVISE_ISSUE}
        | {Action.IMPORT_TICKETS, Action.LOAD_LAYERS, Action.DISPATCH_ISSUE}
        | {Action.APPOINT_WORKERS, Action.UNMASK_CONTACT, Action.PUBLISH_BULLETIN}
    ),
    Role.AUDITOR: frozenset({Action.READ_AUDIT}),
    Role.ADMINISTRATOR: frozenset(
        {Action.MANAGE_ACCOUNTS, Action.APPOINT_WORKERS, Action.LOAD_LAYERS, Action.SEE_QUALITY}
    ),
}
"""The table. Nobody's role holds both the accounts and the trail; `APART` says so."""

ON_POSTS: Final = frozenset({Role.WORKER, Role.GRID_HEAD})
"""Roles whose ground is the grids of their posts."""

ON_HANDED: Final = frozenset(
    {Action.SEE_ISSUES, Action.SEE_CERTIFICATE, Action.HANDLE_ISSUE, Action.UNMASK_CONTACT}
)
"""What a department does with the issues that were handed to it, and with no others."""

BOUND: Final = frozenset({Role.SECRETARY, Role.STREET})
"""Roles that are over one community or street, and never over the whole store."""

APART: Final = (Role.ADMINISTRATOR, Role.AUDITOR)
"""Roles that one account never has together (separation of administrative powers)."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over a code and all below it, from a moment on, up to but without another.

    `posts` are the codes of the grids in which the holder, or the absent person for whom a deputy
    stands in, has a post now; only roles `ON_POSTS` look at them. `department` is the one that the
    same person belongs to.
    """

    role: Role
    scope: str
    since: datetime
    until: datetime | None = None
    deputy_of: int | None = None
    posts: tuple[str, ...] = ()
    department: str = ""

    def holds(self, now: datetime) -> bool:
        """Whether the grant is in force."""
        return self.since <= now and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class Scope:
    """The ground of an action: codes with all below them, and single grids.

    Prefixes are minimal: none lies within another, and no grid within any. The empty prefix is
    the whole store. Compare with every tier's code of a row (street, community, grid), since only
    codes of the national scheme bear those above them as a prefix. `handed` names departments whose
    issues lie within too, wherever they are.
    """

    prefixes: tuple[str, ...] = ()
    grids: tuple[str, ...] = ()
    handed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.prefixes or self.grids or self.handed)

    @property
    def everywhere(self) -> bool:
        """Whether nothing lies outside, so that a query needs no condition."""
        return self.prefixes == ("",)

    def covers(self, *codes: str | None) -> bool:
        """Whether a row lies within, known by the codes of its tiers; without any: only everywhere.

        A code may be None where the row has none of that tier.
        """
        known = [code for code in codes if code]
        if self.everywhere:
            return True
        return any(code.startswith(self.prefixes) or code in self.grids for code in known)

    def encloses(self, other: Scope) -> bool:
        """Whether nothing of another ground lies outside."""
        return self.everywhere or all(map(self.covers, (*other.prefixes, *other.grids)))


EVERYWHERE: Final = Scope(("",))
NOWHERE: Final = Scope()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, as found anew at each request; `NOBODY` is a resident without an account."""

    account: int | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    must_change: bool = False
    login: str = ""

    @property
    def signed_in(self) -> bool:
        """Whether this is somebody with an account."""
        return self.account is not None

    @property
    def grids(self) -> tuple[str, ...]:
        """Codes of the grids in which the actor has a post of their own now."""
        own = [grant.posts for grant in self.grants if grant.deputy_of is None]
        return tuple(sorted({code for posts in own for code in posts}))


NOBODY: Final = Actor()


def roles(actor: Actor, now: datetime) -> tuple[Role, ...]:
    """The roles that the actor has now, in the order of the table."""
    held = {grant.role for grant in actor.grants if grant.holds(now)}
    return tuple(role for role in Role if role in held)


def scopes(actor: Actor, action: Action, now: datetime) -> Scope:
    """Where the actor may do this now; false where nowhere."""
    if action in (SIGNED_IN if actor.signed_in else ANYBODY):
        return EVERYWHERE
    able = [g for g in actor.grants if g.holds(now) and action in TABLE[g.role]]
    handed = [g for g in able if g.role is Role.DEPARTMENT and action in ON_HANDED]
    over = [g for g in able if g.role not in ON_POSTS and g not in handed]
    prefixes = _minimal(grant.scope for grant in over)
    posts = {code for grant in able if grant.role in ON_POSTS for code in grant.posts}
    beside = sorted(code for code in posts if not code.startswith(prefixes or "\0"))
    return Scope(prefixes, tuple(beside), tuple(sorted({g.department for g in handed} - {""})))


def may(actor: Actor, action: Action, code: str, now: datetime) -> bool:
    """Whether the actor may do this now at the tier or grid of this code."""
    return scopes(actor, action, now).covers(code)


def _minimal(prefixes: Iterable[str]) -> tuple[str, ...]:
    """The prefixes without those that lie within another."""
    kept: list[str] = []
    for prefix in sorted(set(prefixes)):
        if not (kept and prefix.startswith(kept[-1])):
            kept.append(prefix)
    return tuple(kept)
