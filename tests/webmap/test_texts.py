"""Whoever is refused gets a sentence, in both languages, with the facts in it."""

import ast
import io
import string
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import Babel, force_locale

from geodata import errors
from geodata.domain.crs import Doubt
from webmap.texts import KINDS, SENTENCES, sentence
from webmap.words import ROLE

ROOT = Path(__file__).parents[2]
PO = ROOT / "webmap/translations/en/LC_MESSAGES/messages.po"
REFUSALS = {name for name, kind in vars(errors).items() if isinstance(kind, type)}
SOURCES = sorted(
    path
    for package in ("geodata", "webmap")
    for path in (ROOT / package).rglob("*.py")
    if "node_modules" not in path.parts
)


def constants(node: ast.expr, function: ast.AST) -> Iterator[str]:
    """The codes that an expression may be; one that is passed through has none of its own."""
    match node:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp(body=yes, orelse=no):
            yield from constants(yes, function)
            yield from constants(no, function)
        case ast.JoinedStr(values=[ast.Constant(value=str(head)), ast.FormattedValue()]):
            yield from (f"{head}{tail}" for tail in get_args(Doubt))
        case ast.Name(id=name):
            for inner in ast.walk(function):
                if isinstance(inner, ast.Assign) and name in map(_name, inner.targets):
                    yield from constants(inner.value, function)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def codes(path: Path) -> Iterator[str]:
    """Every code that a file raises or hands on."""
    tree = ast.parse(path.read_text("utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    for function in functions:
        for node in ast.walk(function):
            if not isinstance(node, ast.Call):
                continue
            if _name(node.func) in REFUSALS and node.args:
                yield from constants(node.args[0], function)
            for keyword in node.keywords:
                if keyword.arg == "broken":
                    yield from constants(keyword.value, function)


@pytest.fixture(scope="module")
def raised() -> set[str]:
    """Every code that is raised or handed on anywhere."""
    return {code for path in SOURCES for code in codes(path)}


@pytest.fixture(scope="module")
def english() -> Catalog:
    return read_po(io.BytesIO(PO.read_bytes()), locale="en")


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("texts")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "webmap" / "translations")
    Babel(app, default_locale="zh")
    return app


def chinese(app: Flask) -> dict[str, str]:
    with app.test_request_context(), force_locale("zh"):
        return {code: str(words) for code, words in SENTENCES.items()}


def holes(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_codes_are_found_where_they_are_raised(raised: set[str]) -> None:
    assert {"no_grid", "address_unknown", "pin_swapped", "coordinate_zero"} <= raised
    assert {"row_broken", "file_encoding", "columns_missing", "bad_cursor"} <= raised


def test_every_refusal_has_a_sentence(raised: set[str]) -> None:
    assert raised - SENTENCES.keys() == set()


def test_every_sentence_is_said_in_english_with_the_same_facts(
    app: Flask, english: Catalog
) -> None:
    for words in [*chinese(app).values(), *map(str, KINDS.values())]:
        entry = english.get(words)
        assert entry is not None, words
        assert isinstance(entry.string, str)
        assert entry.string, words
        assert holes(entry.string) == holes(words)


def test_the_catalogue_is_whole_and_has_no_entry_twice(english: Catalog) -> None:
    lines = [line for line in PO.read_text("utf-8").splitlines() if line.startswith("msgid ")]
    assert len(lines) == len(set(lines))
    assert [e.id for e in english if e.id and (not e.string or e.fuzzy)] == []


def test_sentences_end_and_address_a_person(app: Flask) -> None:
    for code, words in chinese(app).items():
        assert words.endswith(("。", "：{fields}", "：{seen}。")), code
        assert code not in words


@pytest.mark.parametrize("text", ["{x}", "{0}", "%s", "{", "}}", "{{7*191}}", "{__class__}"])
def test_facts_are_shown_as_they_are(app: Flask, text: str) -> None:
    with app.test_request_context():
        assert text in sentence("time_bad", {"value": text})


def test_one_thing_is_told_as_one_in_english(app: Flask) -> None:
    with app.test_request_context():
        with force_locale("en"):
            told = {n: sentence("sign_in_locked", {"minutes": n}) for n in (1, 2)}
            assert str(ROLE["worker"]) == "Worker"
        assert told[1].endswith("in 1 minute.")
        assert told[2].endswith("in 2 minutes.")
        assert "1 分钟" in sentence("sign_in_locked", {"minutes": 1})
        assert str(ROLE["worker"]) == "网格员"


def test_facts_are_short_and_lacks_are_dashes(app: Flask) -> None:
    with app.test_request_context():
        assert "—" in sentence("time_bad", {})
        assert len(sentence("time_bad", {"value": "字" * 5000})) < 120
        assert "工单编号、诉求内容" in sentence(
            "columns_missing",
            {"missing": ["工单编号", "诉求内容"], "seen": [], "file": "a", "row": 1},
        )


def test_sizes_and_kinds_are_in_words(app: Flask) -> None:
    with app.test_request_context():
        said = sentence("file_too_big", {"file": "a.csv", "size": 60 * 2**20, "limit": 50 * 2**20})
        assert said == "“a.csv”有 60 MB，最多 50 MB。请分成几份再导入。"
        assert "图片" in sentence("file_kind", {"file": "a.xlsx", "kind": "image"})
        assert "pdf" in sentence("file_kind", {"file": "a.xlsx", "kind": "pdf"})


def test_a_code_without_words_is_better_than_nothing(app: Flask) -> None:
    with app.test_request_context():
        assert sentence("never_heard_of", {}) == "never_heard_of"
