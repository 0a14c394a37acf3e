"""The README tells of every command, setting and folder, and of nothing that is not there."""

import re
from pathlib import Path

import pytest
from click import Context, Group

from scripts.__main__ import COMMANDS, main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
SETTING = re.compile(r"\bWANGGE_[A-Z_]*[A-Z]\b")
BRANCH = re.compile(r"^((?:│   |    )*)(?:├── |└── )?([\w./-]+)")


def section(title: str) -> str:
    """The part of the README under a heading."""
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def in_code(*folders: str) -> set[str]:
    """The settings that our programs read."""
    return {
        name
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and (path.suffix in (".py", ".sh") or path.name in ("serve", "test"))
        for name in SETTING.findall(path.read_text("utf-8"))
        if "node_modules" not in path.parts
    }


def tree() -> list[str]:
    """The paths that the README's picture of the house names."""
    paths: list[str] = []
    above: list[str] = []
    for line in section("The house").split("```")[1].strip().splitlines():
        found = BRANCH.match(line)
        assert found, line
        depth = len(found[1]) // 4 + ("── " in line)
        above = [*above[:depth], found[2].rstrip("/")]
        paths.append("/".join(above))
    return paths


def test_every_command_is_told_and_exists() -> None:
    told = set(re.findall(r"^\| `([a-z-]+)` \|", section("Commands"), re.MULTILINE))
    assert told == set(COMMANDS)


def test_every_option_that_is_told_exists() -> None:
    context = Context(main)
    commands = [command for name in COMMANDS if (command := main.get_command(context, name))]
    assert len(commands) == len(COMMANDS)
    commands += [
        c for group in commands if isinstance(group, Group) for c in group.commands.values()
    ]
    known = {option for command in commands for p in command.params for option in p.opts}
    told = set(re.findall(r"--[a-z][a-z-]+", section("Commands"))) - {"--help"}
    assert told <= known


def test_every_setting_is_told_and_exists() -> None:
    told = set(SETTING.findall(section("Settings")))
    assert in_code("scripts", "webmap", "geodata") <= told
    assert told <= in_code("scripts", "webmap", "geodata", "tests")


def test_programs_that_are_told_exist() -> None:
    for name in re.findall(r"\bscripts/(?:serve|test)\b", README):
        assert (ROOT / name).stat().st_mode & 0o111


@pytest.mark.parametrize("path", tree())
def test_the_house_stands_as_drawn(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_package_is_drawn() -> None:
    drawn = set(tree())
    for package in ("geodata", "webmap", "scripts"):
        for folder in (ROOT / package).iterdir():
            if folder.is_dir() and list(folder.rglob("*.py")) and folder.name != "node_modules":
                assert f"{package}/{folder.name}" in drawn


def test_pictures_and_links_are_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert "://" in target or (ROOT / target).is_file(), target
    picture = re.search(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert picture
    assert (ROOT / picture[1]).read_bytes().startswith((b"\x89PNG", b"\xff\xd8", b"RIFF"))
