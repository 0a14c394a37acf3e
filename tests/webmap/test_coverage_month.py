"""With a month of kept days the pages of coverage tell what came and went."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from geodata.services import coverage, demo_days
from tests.webmap.conftest import Store
from webmap import guard

ZONE = ZoneInfo("Asia/Shanghai")
BAR = re.compile(r'<rect class="(up|down)"[^>]* height="([\d.]+)"')


def told(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(" ".join(answer.get_data(as_text=True).split()))


def test_a_month_of_days_is_told_drawn_and_compared(
    client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    monkeypatch.setattr(guard, "now", lambda: now)  # that midnight may come meanwhile
    assert "今天开始记录" in told(client, "/coverage")
    with store.sessions() as session:
        demo_days.make(session, now, ZONE)
        frames = coverage.frames(session, now)
        troubled = {gap.grid for gap in coverage.present(session, now)}
        session.commit()
    today = now.astimezone(ZONE).date()
    since = (today - timedelta(days=29)).isoformat()[5:]
    for path in ("/coverage", "/coverage/week"):
        page = told(client, path)
        assert f"和一周前一样多<br>和 {since} 一样多" in page, "grids with too many households"
        assert f"比 {since} 少 5" in page, "five groups were founded"
    calm = next(code for code in frames.grids.code if code not in troubled)
    page = told(client, f"/coverage?area={calm}")
    assert page.count(f"和 {since} 一样多") == 4
    assert "今天开始记录" not in page, "that there was no gap on any day is known as well"
    _history(client)
    _compared(client, today)


def _history(client: FlaskClient) -> None:
    page = told(client, "/coverage/history?kind=grid_without_group")
    assert "30 天里新出现 0 个，补上 5 个，现在有 70 个。" in page
    assert page.count("记录开始时就有") == 5
    assert [what for what, _ in BAR.findall(page)] == ["down"] * 5
    assert page.count('<rect class="day"') == 30
    long = told(client, "/coverage/history?kind=grid_without_group&days=90")
    assert "90 天里新出现 0 个，补上 5 个" in long, "what was there at first did not open then"
    both = BAR.findall(told(client, "/coverage/history?kind=group_without_leader"))
    assert [sum(what == one for what, _ in both) for one in ("up", "down")] == [2, 3]


def _compared(client: FlaskClient, today: date) -> None:
    choice = told(client, "/coverage/compare?area=610902002")
    early = {n: today - timedelta(days=n) for n in (7, 14, 30)}
    links = re.findall(r'href="(/coverage/compare\?area=610902002&day=[^"]+)"', choice)
    assert links == [f"/coverage/compare?area=610902002&day={day}" for day in early.values()]
    assert f'name="day" required value="{early[14]}" min="{early[30]}"' in choice
    page = told(client, f"/coverage/compare?day={early[14]}")
    assert "547/620" in page
    assert "550/620" in page
    assert re.search(r"没有党小组的网格：<a [^>]+>[^<]+</a>", page.split("补上的缺口")[1])
