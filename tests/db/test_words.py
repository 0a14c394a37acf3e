"""Words of two characters and more are found in texts, and numbers of telephones are not."""

import unicodedata

import pytest
from sqlalchemy import Text, cast, func, insert, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geodata.db import tables
from geodata.db.narrowing import Filter, conditions
from geodata.domain.privacy import folded
from geodata.domain.wording import glance, parts
from geodata.errors import WanggeError
from tests.makers import Town

SPELLINGS = [
    *("139–1234–5678", "139—1234—5678", "139*1234*5678", "139\n1234\n5678", "139\t1234\t5678"),
    *("139\u200b1234\u200b5678", "١٣٩1234٥٦٧٨", "139，1234，5678", "139、1234|5678", "⑴⑶⑼1234⑸⑹⑺⑻"),
    *("400-123-4567 1234567", "3212345"),
]

CASES = [
    ("三楼厨房漏水", "漏水", True),
    ("三楼厨房漏水", "厨房漏水", True),
    ("三楼厨房漏水", "房漏 三楼", True),
    ("漏了，水管破裂", "漏水", False),
    ("漏 水", "漏水", False),
    ("ＬＥＤ路灯不亮", "led路灯", True),
    ("水管漏，漏出的水", "管漏出", False),
    ("电话139 1234 5678", "1234", False),
    ("电话一三九一二三四五六七八", "一二三四", False),
    *((f"电话{said} 井盖", "1234", False) for said in SPELLINGS),
    *((f"电话{said} 井盖", "井盖", True) for said in SPELLINGS[:2]),
    ("13号、15号、17号、19号楼", "19号楼", True),
    ("3号楼2单元", "3号楼2", True),
    ("🏠漏水%_", "水%_", True),
    ("", "漏水", False),
]


@pytest.mark.parametrize(("said", "words", "found"), CASES)
def test_a_word_is_found_where_it_stands(
    town: Town, session: Session, said: str, words: str, found: bool
) -> None:
    town.drawn("A")
    kind = session.scalar(select(func.min(tables.issue_category.c.id)))
    row = {"channel": "web", "ticket": "1", "category_id": kind, "text": said, "rule": "none"}
    more = {"precision": "none", "status": "reported", "reported_at": func.now()}
    session.execute(insert(tables.issue).values(row | more))
    wanted = conditions(Filter(words=parts(words)))
    count = session.scalar(select(func.count()).select_from(tables.issue).where(*wanted))
    assert (count == 1) is found


def test_too_short_or_too_many_words_are_refused() -> None:
    for words in ("水", "漏水 水", " 一 "):
        with pytest.raises(WanggeError, match="words_short"):
            parts(words)
    with pytest.raises(WanggeError, match="words_many"):
        parts(" ".join(f"词{n}" for n in range(9)))
    assert parts("  ") == ()


def test_a_digit_is_hidden_in_whatever_script(session: Session) -> None:
    """Whatever the masking takes for a digit, the words for searching take for one."""
    every = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    digits = [sign for sign in every if folded(sign) != sign or sign.isdecimal()]
    found = func.unnest(cast(digits, ARRAY(Text))).table_valued("sign").render_derived()
    said = func.issue_said(func.repeat(found.c.sign, 7), "")
    plain = func.lower(func.normalize(found.c.sign, literal_column("nfkc")))
    shown = select(found.c.sign).where(func.strpos(said, plain) > 0)
    assert session.scalars(shown).all() == []


def test_a_glance_stops_at_whatever_is_compared_otherwise_than_written(session: Session) -> None:
    every = [chr(code) for code in range(0x80, 0x110000) if not 0xD800 <= code < 0xE000]
    others = [sign for sign in every if unicodedata.normalize("NFKC", sign).lower() != sign]
    found = func.unnest(cast(others, ARRAY(Text))).table_valued("sign").render_derived()
    plain = func.lower(func.normalize(found.c.sign, literal_column("nfkc")))
    passed = found.c.sign.regexp_match(glance("漏水"), flags="i").is_(False)
    query = select(found.c.sign).where(passed, plain.regexp_match("[0-9a-z㐀-䶿一-鿿]"))
    assert session.scalars(query).all() == []
    assert len(others) > 5_000
