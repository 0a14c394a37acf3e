"""What is looked for in words: a glance at a text passes over none that holds them."""

import re
import unicodedata

import numpy as np

from geodata.domain.wording import bigrams, glance, parts

ALPHABET = "漏水厨房ab1 2,，。（）\nＡ１ⅷ①㈠⼀豈㍿ﬁéİǅがガｶﾞ"
"""Common signs beside such as are compared as other ones."""


def compared(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def test_a_glance_passes_over_no_text_that_holds_a_word() -> None:
    dice = np.random.default_rng(7)
    texts = dice.choice(list(ALPHABET), (20_000, 6))
    words = dice.choice(list("漏水房ab12i一"), (20_000, 2))
    found = 0
    for text, word in zip(map("".join, texts), map("".join, words), strict=True):
        sign = glance(word)
        assert sign is not None
        if word in compared(text):
            found += 1
            assert re.search(sign, text, re.IGNORECASE), (word, text)
    assert found > 100


def test_a_glance_tells_most_texts_without_the_word() -> None:
    sign = glance("漏水") or ""
    for text in ("楼顶水箱（三号）漏了，水流到 2 楼！", "LED 路灯：不亮？“很久”…—A座"):
        assert not re.search(sign, text, re.IGNORECASE)
    assert glance("wi-fi") is None


def test_parts_give_their_pairs() -> None:
    assert bigrams(parts("ＬＥＤ 路灯不亮")) == ["le", "ed", "路灯", "灯不", "不亮"]
