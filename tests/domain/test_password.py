"""Passwords that everybody tries are refused; long odd ones are not."""

import pytest

from geodata.domain.password import LONGEST, Rule, check
from geodata.errors import WanggeError


def refused(password: str, login: str = "wanglei", rule: Rule = "modern") -> str:
    with pytest.raises(WanggeError) as caught:
        check(password, login, rule)
    return caught.value.code


@pytest.mark.parametrize(
    "password",
    [
        *("password1234", "Password@2024!", "P@ssw0rd12345", "administrator1", "admin888admin888"),
        *("123456789012", "qwertyuiop[]", "1qaz2wsx3edc", "aaaaaaaaaaaa", "abcabcabcabc"),
        *("Wangge@20261126", "hanbin2026!!", "woaini5201314", "zhongguo1949!!", "Huawei@123456"),
    ],
)
def test_what_everybody_tries_is_refused(password: str) -> None:
    assert refused(password) == "password_common"


@pytest.mark.parametrize(
    "password",
    [
        *("correct horse battery", "bofet-runaz-kilop-42", "夕阳西下断肠人在天涯灯火阑珊"),
        *("ox lantern pebble 7", "Tr0ub4dor&3-brook"),
    ],
)
def test_long_odd_ones_are_taken(password: str) -> None:
    check(password, "wanglei", "modern")


def test_short_long_and_named_ones_are_refused() -> None:
    assert refused("bofet-runaz") == "password_short"
    assert refused("xq7 " * LONGEST) == "password_long"
    assert refused("my-WangLei-lamp-brook") == "password_named"


def test_the_audited_rule_wants_kinds() -> None:
    assert refused("bofet runaz kilop", rule="mlps") == "password_plain"
    check("Bofet-runaz-kilop-42", "wanglei", "mlps")
