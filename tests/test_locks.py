"""The lock files are closed: what any locked package asks for is locked in a release that it takes.

Packages are installed without their dependencies being looked up, so that a release of tomorrow
changes nothing; what the lock files forgot would be missing on a fresh machine.
"""

import platform
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Final

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[1]
RUNTIME, TESTS = ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"
WANTED: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PRODUCT: Final = WANTED["project"]["dependencies"]
TESTING: Final = [*PRODUCT, *WANTED["dependency-groups"]["test"]]
OURS: Final = ".".join(platform.python_version_tuple()[:2])


def locked(python: str, *files: Path) -> dict[str, str]:
    """The release of each package that lock files name for a Python."""
    found: dict[str, str] = {}
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            if line[:1].isalnum():
                one = Requirement(line.removesuffix("\\").strip())
                if one.marker is None or one.marker.evaluate(on(python, "")):
                    release = next(iter(one.specifier)).version
                    assert found.setdefault(canonicalize_name(one.name), release) == release
    return found


def on(python: str, extra: str) -> dict[str, str]:
    """What markers ask about, for a Python and an extra of a package."""
    about = {"python_version": python, "python_full_version": f"{python}.9", "extra": extra}
    return {name: str(told) for name, told in default_environment().items()} | about


@cache
def asked_by(name: str) -> list[Requirement]:
    """What a package may ask for; nothing where it is not for this machine."""
    try:
        return [Requirement(text) for text in requires(name) or []]
    except PackageNotFoundError:
        return []


def asked(name: str, extras: set[str], python: str) -> Iterator[Requirement]:
    """What a package asks for with these extras."""
    for one in asked_by(name):
        if one.marker is None or any(one.marker.evaluate(on(python, x)) for x in {"", *extras}):
            yield one


def unmet(wanted: list[str], have: dict[str, str], python: str) -> Iterator[str]:
    """What of the wanted packages, and of all that they ask for, is not locked as they take it."""
    left = [("pyproject.toml", one) for one in map(Requirement, wanted)]
    seen: set[tuple[str, frozenset[str]]] = set()
    while left:
        by, one = left.pop()
        name = canonicalize_name(one.name)
        if name not in have or not one.specifier.contains(have[name], prereleases=True):
            yield f"{by} asks for {one}; locked is {have.get(name)}"
        elif (name, extras := frozenset(one.extras)) not in seen:
            seen.add((name, extras))
            left += [(name, further) for further in asked(name, set(extras), python)]


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_lock_files_hold_all_that_their_packages_ask_for(python: str) -> None:
    assert list(unmet(PRODUCT, locked(python, RUNTIME), python)) == []
    assert list(unmet(TESTING, locked(python, RUNTIME, TESTS), python)) == []


def test_a_forgotten_package_is_named() -> None:
    have = locked(OURS, RUNTIME)
    del have["email-validator"]
    assert any("email" in told for told in unmet(PRODUCT, have, OURS))
    assert any("flask" in told for told in unmet(PRODUCT, have | {"flask": "0.1"}, OURS))


def test_the_packages_looked_at_are_the_locked_ones() -> None:
    have = locked(OURS, RUNTIME, TESTS)
    assert {name: version(name) for name in have} == have
