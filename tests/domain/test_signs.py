"""What no person types, and what shows nothing."""

import pytest

from geodata.domain.signs import is_foreign, shows


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
