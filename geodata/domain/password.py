"""Which passwords may be set: long ones that nobody tries first."""

import re
import unicodedata
from typing import Final, Literal

from geodata.errors import WanggeError

Rule = Literal["modern", "mlps"]
"""`modern`: length and no well-known words. `mlps`: kinds of characters and an age besides, as
graded protection (GB/T 22239) is usually audited."""

SHORTEST: Final = 12
LONGEST: Final = 200
MLPS_DAYS: Final = 90
_MLPS_KINDS: Final = 3
_KINDS: Final = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
_LEAST_OWN: Final = 6
"""Characters that must be left when all that everybody knows is taken away."""

_WALKS: Final = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "98765432109876543210"),
    *("qwertyuiop", "asdfghjkl", "zxcvbnm", "poiuytrewq", "lkjhgfdsa", "mnbvcxz"),
    *("1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhnujm"),
)
_WORDS: Final = (
    *("password", "passw0rd", "p@ssword", "p@ssw0rd", "passwort", "letmein", "welcome"),
    *("administrator", "admin", "adm1n", "root", "user", "guest", "test", "demo", "default"),
    *("changeme", "secret", "login", "master", "system", "manager", "monkey", "dragon"),
    *("sunshine", "princess", "football", "baseball", "superman", "batman", "shadow"),
    *("iloveyou", "woaini", "aini", "mima", "zhongguo", "china", "beijing", "shanghai"),
    *("hanbin", "ankang", "shaanxi", "wangge", "shequ", "jiedao", "shujuku", "huawei"),
    *("wangyi", "taobao", "tencent", "weixin", "baidu", "alibaba", "qq", "computer"),
    *("internet", "freedom", "whatever", "trustno1", "hello", "nihao", "summer", "winter"),
    *("spring", "autumn", "monday", "friday", "january", "december", "server", "oracle"),
)
_BORING: Final = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?:[01]\d[0-3]\d)?")
_REPEAT: Final = re.compile(r"(.+?)\1+")
_WALK: Final = 4


def check(password: str, login: str, rule: Rule) -> None:
    """Nothing, if the password may be set for this login name.

    Raises WanggeError ``password_short``, ``password_long``, ``password_named`` where it holds the
    login name, ``password_common`` where little is left beside words, dates, keyboard walks and
    repetitions that everybody tries, ``password_plain`` where the rule wants more kinds.
    """
    if len(password) < SHORTEST:
        raise WanggeError("password_short", least=SHORTEST)
    if len(password) > LONGEST:
        raise WanggeError("password_long", most=LONGEST)
    plain = unicodedata.normalize("NFKC", password).lower()
    if len(login) > 2 and login.lower() in plain:  # noqa: PLR2004 -- initials stand in any word
        raise WanggeError("password_named")
    if _own(plain) < _LEAST_OWN:
        raise WanggeError("password_common")
    if rule == "mlps" and sum(bool(re.search(kind, password)) for kind in _KINDS) < _MLPS_KINDS:
        raise WanggeError("password_plain", least=_MLPS_KINDS)


def _own(plain: str) -> int:
    """How many characters are left that a list of well-known passwords would not supply."""
    left = _BORING.sub(" ", plain)
    left = _YEAR.sub(" ", _without_walks(left))
    left = _REPEAT.sub(lambda found: found[1], left)
    return len(set(re.sub(r"[\s!@#$%^&*._-]", "", left)))


def _without_walks(text: str) -> str:
    """The text without stretches of four or more neighbours in an alphabet or on a keyboard."""
    for walk in _WALKS:
        for length in range(min(len(walk), len(text)), _WALK - 1, -1):
            for start in range(len(walk) - length + 1):
                text = text.replace(walk[start : start + length], " ")
    return text
