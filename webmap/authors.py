"""People at plans and locks as pages say them: by name and role, not by login name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from flask import Flask, g
from flask_babel import gettext as _

from geodata.domain.roles import Action
from geodata.services import authors
from geodata.services.authors import Author
from webmap import database, guard, words
from webmap.texts import sentence

_SYSTEM: Final = "system:"


def prepare(app: Flask) -> None:
    """Let templates say `who(login)`."""
    app.context_processor(lambda: {"who": who})


def who(login: str | None) -> str:
    """Somebody by name and role: 王芳（社区书记）; the login name where no account bears it.

    Whoever draws plans knows the colleagues who do; all others are told the family name alone.
    """
    return everybody([login])[login] if login else ""


def everybody(logins: Collection[str | None]) -> dict[str, str]:
    """As `who`, of many at once, by login name."""
    known: dict[str, Author | None] = g.setdefault("authors", {})
    fresh = {login for login in logins if login and login not in known}
    if fresh:
        with database.readers()() as opened:
            found = authors.named(opened, fresh, guard.now())
        known.update({login: found.get(login) for login in fresh})
    return {login: _said(login, known[login]) for login in logins if login}


def in_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a refusal with people in ``by`` as `who` says them."""
    by = facts.get("by")
    if isinstance(by, str):
        return {**facts, "by": who(by)}
    if isinstance(by, list):
        said = everybody(by)
        return {**facts, "by": [said[login] for login in by]}
    return dict(facts)


def explained(kept: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A refusal that was kept (code, facts) with its sentence as ``title``; None for none."""
    if kept is None:
        return None
    facts = in_facts(kept["facts"])
    return {"code": kept["code"], "facts": facts, "title": sentence(kept["code"], facts)}


def _said(login: str, author: Author | None) -> str:
    if author is None:
        return _("系统") if login.startswith(_SYSTEM) else login
    shown = author if guard.may_somewhere(Action.DRAFT_REDRAW) else author.masked()
    role = str(words.ROLE[shown.role]) if shown.role is not None else ""
    if role in shown.name:
        return shown.name
    return str(_("{name}（{role}）")).format(name=shown.name, role=role)
