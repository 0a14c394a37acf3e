"""Gaps in the store: found, closed at once, and remembered by day."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import geopandas as gpd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from geodata.db import tables
from geodata.db.scoping import NONE, WHOLE, Ground
from geodata.demo import District
from geodata.domain.coverage import measures
from geodata.domain.coverage.gap import Gap
from geodata.services import coverage, coverage_history
from tests.conftest import NOW as DEMO_NOW
from tests.drawing import draw
from tests.makers import COMMUNITY, Town, code_of

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(days=90)


def found(session: Session, now: datetime = NOW) -> dict[tuple[str, str], Gap]:
    return {gap.key: gap for gap in coverage.present(session, now)}


def staffed(town: Town, *letters: str) -> None:
    """A worker and a party group with a leader for each of some grids."""
    for letter in letters:
        number = town.grids[letter]
        worker = town.session.scalars(
            insert(tables.grid_worker).values(name=f"员{letter}").returning(tables.grid_worker.c.id)
        ).one()
        town.session.execute(
            insert(tables.post).values(
                worker_id=worker,
                grid_id=number,
                duty="lead",
                during=func.tstzrange(BEFORE, None),
            )
        )
        town.session.execute(
            insert(tables.party_org).values(
                tier="group",
                name=f"党小组{letter}",
                secretary="王芳",
                grid_id=number,
                parent_id=parent(town),
            )
        )


def parent(town: Town) -> int:
    org = tables.party_org
    known = town.session.scalar(select(org.c.id).where(org.c.tier == "street"))
    if known is None:
        new = insert(org).values(
            tier="street", name="党工委", secretary="李", street_code=COMMUNITY[:9]
        )
        known = town.session.scalars(new.returning(org.c.id)).one()
    return int(known)


def house(town: Town, at: tuple[float, float], grid: str | None, group: str | None = None) -> str:
    """A building of thirty households; its code."""
    number = town.building(f"老街{at}号", *at)
    org = tables.party_org.c
    owner = select(org.id).where(org.grid_id == town.grids.get(group or ""), org.tier == "group")
    home = tables.building
    values = {
        "households": 30,
        "residents": 90,
        "grid_id": town.grids[grid] if grid else None,
        "party_group_id": owner.scalar_subquery(),
    }
    changed = update(home).where(home.c.id == number).values(**values)
    return str(town.session.scalars(changed.returning(home.c.code)).one())


def test_the_demo_district_has_the_planted_gaps_and_no_other(
    demo_session: Session, hanbin: District
) -> None:
    planted = {(gap.kind, gap.code) for gap in hanbin.planted}
    assert set(found(demo_session, DEMO_NOW)) == planted


def test_the_measures_of_the_demo_are_those_of_its_record(
    demo_session: Session, hanbin: District
) -> None:
    told = found(demo_session, DEMO_NOW)
    homes = gpd.GeoDataFrame(
        {
            "grid": [hanbin.cells[b.cell].code for b in hanbin.buildings],
            "households": [b.households for b in hanbin.buildings],
            "code": [b.code for b in hanbin.buildings],
        },
        geometry=[b.door for b in hanbin.buildings],
        crs=4326,
    )
    cells = gpd.GeoDataFrame(
        {"code": [c.code for c in hanbin.cells if c.code]},
        geometry=[c.shape for c in hanbin.cells if c.code],
        crs=4326,
    )
    joined = homes.sjoin(cells, predicate="within", how="left")
    by_place = joined.groupby("code_right").households.sum()
    by_code = homes.set_index("code").households
    for (kind, code), gap in told.items():
        if kind in ("grid_without_worker", "grid_without_group", "grid_overloaded"):
            assert gap.measure == by_place.get(code, 0), (kind, code)
        if kind.startswith("building"):
            assert gap.measure == by_code[code]
    bare = gpd.GeoSeries([c.shape for c in hanbin.cells if c.code is None], crs=4326)
    m2 = bare.to_crs(4545).area.sum()
    strips = [gap.measure for (kind, _), gap in told.items() if kind == "ground_uncovered"]
    assert sum(strips) == pytest.approx(m2, rel=1e-3)


def test_the_figures_of_areas_are_those_of_geopandas(
    demo_session: Session, hanbin: District
) -> None:
    frames = coverage.frames(demo_session, DEMO_NOW)
    owners = {org.cell for org in hanbin.party_orgs if org.tier == "group"}
    homes = gpd.pd.DataFrame(
        [
            (hanbin.cells[b.cell].code, b.households, b.residents, b.group is not None)
            for b in hanbin.buildings
            if hanbin.cells[b.cell].code
        ],
        columns=["grid", "households", "residents", "covered"],
    )
    homes["community"] = homes.grid.str[:12]
    homes["street"] = homes.grid.str[:9]
    owned = gpd.pd.Series([hanbin.cells[cell or 0].code for cell in owners])
    for tier, length in zip(measures.TIERS, (9, 12, 15), strict=True):
        told = measures.table(frames, [], tier)
        sums = homes.groupby(tier)[["households", "residents", "covered"]].sum()
        groups = owned.str[:length].value_counts()
        for row, code in enumerate(told.codes):
            expected = sums.loc[code] if code in sums.index else defaultdict(int)
            for name in ("households", "residents", "covered"):
                assert told.columns[name][row] == expected[name], (tier, code, name)
            assert told.columns["with_group"][row] == groups.get(code, 0)


def test_a_gap_leaves_the_list_when_it_is_closed(town: Town) -> None:
    town.drawn("AB")
    staffed(town, "A")
    assert set(found(town.session)) == {
        ("grid_without_worker", code_of("B")),
        ("grid_without_group", code_of("B")),
    }
    staffed(town, "B")
    assert found(town.session) == {}


def test_a_post_that_ended_is_vacant_since_then(town: Town) -> None:
    town.drawn("AB")
    staffed(town, "A", "B")
    left = NOW - timedelta(days=5)
    post = tables.post
    town.session.execute(
        update(post)
        .where(post.c.grid_id == town.grids["B"])
        .values(during=func.tstzrange(BEFORE, left))
    )
    gap = found(town.session)["grid_without_worker", code_of("B")]
    assert (gap.cause, gap.since) == ("vacant", left)


def test_a_house_cut_by_a_border_makes_it_stale(town: Town) -> None:
    town.drawn("AB")
    staffed(town, "A", "B")
    house(town, (0.5, 0.98), "A", "A")
    gap = found(town.session)["boundary_stale", code_of("A")]
    assert (gap.measure, gap.cause) == (1, "cuts_buildings")


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    picture=st.tuples(*[st.integers(1, 3)] * 3).map(
        lambda wide: " / ".join(
            letter * n + "." * (3 - n) for letter, n in zip("ABC", wide, strict=True)
        )
    ),
    led=st.sets(st.sampled_from("ABC")),
)
def test_all_that_is_planted_in_a_drawn_town_is_found_and_nothing_else(
    session: Session, picture: str, led: set[str]
) -> None:
    """Three grids of any width, groups and workers in some of them, a house on every letter."""
    letters = set("ABC")
    with session.begin_nested() as trial:
        town = Town(session).drawn(picture)
        staffed(town, *sorted(led))
        planted: set[tuple[str, str]] = set()
        for letter in letters - led:
            planted |= {
                ("grid_without_worker", code_of(letter)),
                ("grid_without_group", code_of(letter)),
            }
        for row, line in enumerate(picture.split("/")):
            for column, letter in enumerate(line.strip()):
                at = (row + 0.5, column + 0.5)
                covered = letter if letter in led and (row + column) % 2 else None
                code = house(town, at, letter, covered)
                if letter == ".":
                    planted |= {("building_uncovered", code), ("ground_uncovered", COMMUNITY)}
                elif letter in led and covered is None:
                    planted.add(("building_without_group", code))
        told = found(session)
        assert set(told) == planted
        bare = gpd.GeoSeries(draw(picture.replace(".", "Z")).get("Z"), crs=4326).to_crs(4545)
        if ("ground_uncovered", COMMUNITY) in planted:
            gap = told["ground_uncovered", COMMUNITY]
            assert gap.measure == pytest.approx(float(bare.area.sum()), rel=1e-3)
            assert gap.households == 30 * picture.count(".")
        trial.rollback()


def test_gaps_are_seen_on_ones_own_ground_only(town: Town) -> None:
    town.drawn("AB.")
    gaps = coverage.present(town.session, NOW)
    assert coverage.on(WHOLE, gaps) == gaps
    assert coverage.on(NONE, gaps) == []
    own = Ground(grids=frozenset({town.grids["A"]}), grid_codes=frozenset({code_of("A")}))
    assert {gap.code for gap in coverage.on(own, gaps)} == {code_of("A")}


def test_history_tells_by_day_what_opened_and_closed(town: Town) -> None:
    town.drawn("AB")
    session = town.session
    day = timedelta(days=1)
    kept = coverage_history.keep(session, coverage.present(session, NOW - 2 * day), NOW - 2 * day)
    assert (kept.opened, kept.closed) == (4, 0)
    staffed(town, "A")
    kept = coverage_history.keep(session, coverage.present(session, NOW), NOW)
    assert (kept.opened, kept.closed) == (0, 2)
    again = coverage_history.keep(session, coverage.present(session, NOW), NOW)
    assert (again.opened, again.closed) == (0, 0)
    rows = coverage_history.by_day(session, WHOLE, NOW, 3, "Asia/Shanghai")
    told = {
        (row["day"], row["opened"], row["closed"], row["open"])
        for row in rows
        if row["kind"] == "grid_without_group"
    }
    assert told == {("2026-11-24", 2, 0, 2), ("2026-11-25", 0, 0, 2), ("2026-11-26", 0, 1, 1)}
    assert coverage_history.by_day(session, NONE, NOW, 3, "Asia/Shanghai") == []


def test_a_gap_that_opens_again_begins_where_it_had_ended(town: Town) -> None:
    town.drawn("A")
    session, day = town.session, timedelta(days=1)
    gaps = coverage.present(session, NOW)
    coverage_history.keep(session, gaps, NOW - 3 * day)
    coverage_history.keep(session, [], NOW - 2 * day)
    coverage_history.keep(session, gaps, NOW)
    spells = session.execute(select(tables.coverage_gap.c.during)).scalars().all()
    assert len(spells) == 2 * len(gaps)
