"""Geocoding a generated corpus: how often it is right and how often sure, and how quick."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from geodata.demo import District, Options, generate
from geodata.domain.address import parse
from geodata.domain.answer import Answer
from geodata.domain.fit import SAME_SPOT_M
from geodata.domain.gazetteer import Entry
from geodata.domain.geocoder import Geocoder
from geodata.domain.numerals import NUMERALS
from geodata.domain.spelling import normalise, region
from geodata.domain.spot import metres
from scripts.bench.figures import Cell, Table

HOME: Final = "陕西省安康市汉滨区"
ALIKE: Final = (
    *("香乡湘", "溪西希", "路陆录", "园元圆", "花华", "文闻纹", "昌常长", "解结", "放方", "江姜"),
    *("北贝", "新心欣", "城成诚", "安按", "东冬", "大达", "兴星", "民明", "和河荷", "平萍坪"),
    *("建健", "福富", "金今锦", "春椿", "育玉", "才材", "巷向", "街接", "桥乔", "高皋"),
    *("井景", "汉汗", "滨宾", "枣早", "树数", "山杉", "家佳", "苑院", "泰太", "龙隆", "庭亭"),
)
SOUNDS: Final = {one: group.replace(one, "") for group in ALIKE for one in group}
COMMON: Final = "中人民大上国和地要出行生工方会学经发动过作成用家年公开机力自所化定业本新度合"
NUMBERED: Final = frozenset(NUMERALS)
BESIDE: Final = "beside a numeral"
"""A wrong character in or next to the numeral of a lane, whatever the slip: 四十二巷, 四二巷."""
DIGIT: Final = "wrong digit"
ANOTHER: Final = "names another door"
"""What is typed is, by its slip, the address of another door or house: nothing in it can tell."""
SCANNED: Final = 200


class Question(NamedTuple):
    """What somebody types, how it went wrong, and the entry that is meant."""

    text: str
    error: str
    meant: int


Typing = Callable[[str, int, np.random.Generator], str]
ERRORS: Final[dict[str, Typing]] = {
    "substitution": lambda text, at, rng: text[:at] + _other(text[at], rng) + text[at + 1 :],
    "homophone": lambda text, at, _: text[:at] + SOUNDS[text[at]][0] + text[at + 1 :],
    "deletion": lambda text, at, _: text[:at] + text[at + 1 :],
    "swap": lambda text, at, _: text[:at] + text[at + 1] + text[at] + text[at + 2 :],
    "insertion": lambda text, at, rng: text[:at] + _other("", rng) + text[at:],
}


def run(count: int) -> Table:
    """For each kind of slip how many are right at first, sure, right if sure, and found; percent.

    The corpus is generated and leaves nothing out; real addresses are worse.
    """
    entries = made(20_000)
    rng = np.random.default_rng(1)
    questions = [*_exact(entries, count, rng), *_mistyped(entries, count, rng)]
    geocoder = Geocoder(entries, region(HOME))
    answers = [(question, geocoder.locate(question.text)) for question in questions]
    wrong = [(q, a) for q, a in answers if q.error != "none"]
    told = [(q, a) for q, a in wrong if q.error != ANOTHER]
    rows = [
        _row(error, [(q, a) for q, a in answers if q.error == error], entries)
        for error in ("none", *ERRORS, BESIDE, DIGIT, ANOTHER)
    ]
    return Table(
        f"{len(entries):,} entries",
        (
            *("error", "asked", "first right %", "sure %", "right if sure %", "recall %"),
            "right of sure at each precision",
        ),
        [*rows, _row("any error", wrong, entries), _row(f"but “{ANOTHER}”", told, entries)],
        [_speed(geocoder, entries, [q.text for q in questions if q.error == "none"])],
    )


def made(buildings: int) -> list[Entry]:
    """The named things of a generated district."""
    return entries_of(generate(Options(buildings=buildings)))


def entries_of(district: District) -> list[Entry]:
    """The buildings of a district as what is found by name, numbered from 0."""
    names = {community.code: community.name for community in district.communities}
    return [
        Entry(
            *("door", building.name, building.door.x, building.door.y, building.address),
            ref=number,
            community=names[building.community_code],
            community_code=building.community_code,
        )
        for number, building in enumerate(district.buildings)
    ]


def _exact(entries: Sequence[Entry], count: int, rng: np.random.Generator) -> Iterator[Question]:
    for index in rng.integers(0, len(entries), count).tolist():
        yield Question(_written(entries[index], rng), "none", index)


def _mistyped(entries: Sequence[Entry], count: int, rng: np.random.Generator) -> Iterator[Question]:
    """One slip in the name of the road or estate, anywhere in it, or in a digit of a number."""
    doors = _doors(entries)
    for index in rng.integers(0, len(entries), count).tolist():
        address = entries[index].address
        for error, typed in ERRORS.items():
            places = _places(address, error)
            if places:
                at = int(rng.choice(places))
                beside = not NUMBERED.isdisjoint(address[max(at - 1, 0) : at + 2])
                wrong = typed(address, at, rng)
                yield _asked(wrong, BESIDE if beside else error, index, (entries, doors), rng)
        digits = [at for at, sign in enumerate(address) if sign.isdigit()]
        if digits:
            at = int(rng.choice(digits))
            other = str((int(address[at]) + int(rng.integers(1, 10))) % 10)
            wrong = address[:at] + other + address[at + 1 :]
            yield _asked(wrong, DIGIT, index, (entries, doors), rng)


def _doors(entries: Sequence[Entry]) -> Mapping[tuple[str, str, str], list[int]]:
    """Entries by road, number and building, and by road and number alone."""
    doors: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for index, entry in enumerate(entries):
        said = parse(entry.address)
        for building in {said.building, ""}:
            doors[said.road, said.number, building].append(index)
    return doors


def _asked(
    wrong: str,
    error: str,
    index: int,
    known: tuple[Sequence[Entry], Mapping[tuple[str, str, str], list[int]]],
    rng: np.random.Generator,
) -> Question:
    """A mistyped address; apart, where it is by chance that of another door somewhere else."""
    entries, doors = known
    said = parse(wrong)
    others = doors.get((said.road, said.number, said.building), ())
    if any(metres(entries[other], entries[index]) > SAME_SPOT_M for other in others):
        error = ANOTHER
    return Question(_before(entries[index], rng) + wrong, error, index)


def _places(address: str, error: str) -> list[int]:
    """Where a character of the name may go wrong in this way."""
    name = next((i for i, sign in enumerate(address) if sign.isdigit()), len(address)) - 1
    end = name - 1 if error == "swap" else name
    found = list(range(max(end, 0)))
    if error == "homophone":
        return [at for at in found if address[at] in SOUNDS]
    if error == "swap":
        return [at for at in found if address[at] != address[at + 1]]
    return found


def _written(entry: Entry, rng: np.random.Generator) -> str:
    after = ("", "", "2单元301室", "楼下垃圾没人清理", "附近路灯不亮")
    return _before(entry, rng) + entry.address + str(rng.choice(after))


def _before(entry: Entry, rng: np.random.Generator) -> str:
    return str(rng.choice(("", "", HOME, "安康市汉滨区", entry.community)))


def _other(sign: str, rng: np.random.Generator) -> str:
    return str(rng.choice([other for other in COMMON if other != sign]))


def _row(
    error: str, answers: Sequence[tuple[Question, Answer]], entries: list[Entry]
) -> tuple[Cell, ...]:
    first = sum(_right(a, entries[q.meant]) for q, a in answers)
    sure = [(q, a) for q, a in answers if a.sure]
    good = Counter(a.precision for q, a in sure if _right(a, entries[q.meant]))
    levels = Counter(a.precision for _, a in sure)
    told = ", ".join(f"{name} {good[name]}/{n}" for name, n in sorted(levels.items()))
    asked = max(len(answers), 1)
    right = good.total()
    shares = (first / asked, len(sure) / asked, right / max(len(sure), 1), right / asked)
    return (error, len(answers), *(100 * share for share in shares), told)


def _right(answer: Answer, meant: Entry) -> bool:
    """Whether the best match is the place meant, or stands on the same spot."""
    if answer.best is None:
        return False
    return metres(answer.best, meant) <= SAME_SPOT_M


def _speed(geocoder: Geocoder, entries: Sequence[Entry], texts: Sequence[str]) -> str:
    started = time.process_time()
    for text in texts:
        geocoder.locate(text)
    ours = (time.process_time() - started) / len(texts)
    known = [normalise(entry.address) for entry in entries]
    started = time.process_time()
    for text in texts[:SCANNED]:
        process.extractOne(normalise(text), known, scorer=fuzz.ratio)
    scan = (time.process_time() - started) / min(len(texts), SCANNED)
    return f"{1 / ours:,.0f} addresses a second, {scan / ours:.0f} x a rapidfuzz scan"
