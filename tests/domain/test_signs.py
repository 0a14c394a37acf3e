"""What no person types, and what shows nothing."""

import pytest

from geodata.domain.signs import is_foreign, shows, unturned


@pytest.mark.parametrize(
    "sign", ["\0", "\x1b", "\x85", "\ud800", "\ufdd0", "\ufffe", "\uffff", "\U0001ffff"]
)
def test_no_person_types_it(sign: str) -> None:
    assert is_foreign(sign)


@pytest.mark.parametrize("sign", ["字", "a", "\ufffd", "\ufb00", "😀", "\u200d", "\ue000", "𠮷"])
def test_a_person_may_type_it(sign: str) -> None:
    assert not is_foreign(sign)


def test_something_must_show() -> None:
    assert not any(map(shows, ["", " \n", "\u200b", "\ufeff\u2060", "\u3164", "\u2800", "\ufe0f"]))
    assert all(map(shows, ["字", "?", "\u200b1", "👨\u200d👩"]))


def test_marks_that_turn_what_follows_are_taken_out() -> None:
    turning = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
    assert unturned(f"路灯{turning}不亮 سلام 👨\u200d👩") == "路灯不亮 سلام 👨\u200d👩"
