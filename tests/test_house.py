"""The house is kept as it was built: where things stand, how long they are, whom they ask."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOP = {
    *("webmap", "geodata", "scripts", "tests", "requirements.txt", "README.md"),
    *("pyproject.toml", "LICENSE"),
}
LONGEST_FILE = 300
LONGEST_FUNCTION = 60
ADDRESS = re.compile(r"(?:https?:)?//(?!\s)[\w.-]+\.[a-z]{2,}", re.IGNORECASE)
NAMESPACES = ("http://www.w3.org",)
WRITTEN = {".py", ".js", ".mjs", ".css", ".html", ".sql", ".sh"}


MADE = {"node_modules", "vendor", "__pycache__", ".venv", ".git"}
MADE_KINDS = {".pyc", ".mo", ".log"}


def tracked() -> list[Path]:
    """The files of the repository: what Git knows, else what is there and was not made."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        found = (path for path in ROOT.rglob("*") if not MADE & set(path.parts))
        return [path for path in found if path.is_file() and path.suffix not in MADE_KINDS]
    listed = subprocess.run(
        [git, "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for name in listed.stdout.split("\0") if (path := ROOT / name).is_file()]


FILES = tracked()


def ours(*folders: str, kinds: set[str]) -> list[Path]:
    """Our own files of some kinds below some folders."""
    return [
        path
        for path in FILES
        if path.relative_to(ROOT).parts[0] in folders and path.suffix in kinds
    ]


@cache
def parsed(path: Path) -> ast.Module:
    """A source as a tree, read once for all that is asked of it."""
    return ast.parse(path.read_text("utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef):
            yield node


def test_only_the_agreed_things_stand_at_the_top() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in FILES}
    assert {name for name in top if not name.startswith(".")} <= TOP
    assert {"webmap", "geodata", "scripts", "tests", "requirements.txt", "README.md"} <= top


def test_nothing_made_or_fetched_is_kept() -> None:
    for path in FILES:
        parts = set(path.relative_to(ROOT).parts)
        assert not parts & MADE, path
        assert path.suffix not in MADE_KINDS, path


def test_files_are_short() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in ours("geodata", "webmap", "scripts", kinds=WRITTEN)
        if "versions" not in path.parts
        if (count := path.read_text("utf-8").count("\n")) > LONGEST_FILE
    }
    assert long == {}


def test_functions_are_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {function.name}"
        for path in ours("geodata", "webmap", "scripts", kinds={".py"})
        if "versions" not in path.parts
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_nothing_is_imported_inside_a_function() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in ours("geodata", "webmap", "scripts", "tests", kinds={".py"})
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert found == []


def test_every_failure_is_caught_by_its_name() -> None:
    for path in ours("geodata", "webmap", "scripts", kinds={".py"}):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ExceptHandler) and not _raises_again(node):
                assert node.type is not None, path
                assert ast.unparse(node.type) not in ("Exception", "BaseException"), path


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_public_functions_say_what_they_give() -> None:
    silent = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in ours("geodata", "webmap", "scripts", kinds={".py"})
        if "migrations" not in path.parts
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and "overload" not in map(ast.unparse, node.decorator_list)
        and ast.get_docstring(node) is None
    ]
    assert silent == []


@pytest.mark.parametrize("folder", ["templates", "static"])
def test_no_page_names_another_host(folder: str) -> None:
    named = {
        f"{path.relative_to(ROOT)}: {found}"
        for path in ours("webmap", kinds={".html", ".js", ".css", ".svg"})
        if folder in path.parts
        for found in ADDRESS.findall(path.read_text("utf-8"))
        if not found.startswith(NAMESPACES) and not _is_comment(path, found)
    }
    assert named == set()


def _is_comment(path: Path, found: str) -> bool:
    """Whether what looks like an address only follows the slashes of a comment."""
    lines = [line for line in path.read_text("utf-8").splitlines() if found in line]
    return found.startswith("//") and all(line.lstrip().startswith("//") for line in lines)


def test_lock_files_name_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "webmap/package-lock.json").read_text("utf-8")
    assert not ADDRESS.search((ROOT / "requirements.txt").read_text("utf-8"))


def test_nothing_is_left_to_do() -> None:
    marks = re.compile("TO" + "DO|FIX" + "ME|XX" + "X")
    for path in ours("geodata", "webmap", "scripts", "tests", kinds=WRITTEN):
        assert not marks.search(path.read_text("utf-8")), path
