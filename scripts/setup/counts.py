"""How many tests ran, read from what their runners say."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

NODE_LINE = re.compile(r"^(?:#|ℹ) (pass|fail|skipped) (\d+)\s*$")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Counts:
    """How many tests came to what."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )

    def line(self) -> str:
        """The counts in the words of test runners."""
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def of_pytest(report: Path) -> Counts:
    """The counts of pytest's JUnit report; nothing when it wrote none."""
    if not report.exists():
        return Counts()
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 - our own pytest wrote it
    return sum((_of_suite(suite.attrib) for suite in suites), Counts())


def _of_suite(told: dict[str, str]) -> Counts:
    total, skipped = int(told.get("tests", 0)), int(told.get("skipped", 0))
    failed = int(told.get("failures", 0)) + int(told.get("errors", 0))
    return Counts(max(0, total - failed - skipped), failed, skipped)


def of_node(lines: Iterable[str]) -> Counts:
    """The counts at the end of what `node --test` prints, in either of its styles."""
    told = [found.groups() for line in lines if (found := NODE_LINE.match(COLOUR.sub("", line)))]
    by_name = {name: sum(int(number) for word, number in told if word == name) for name, _ in told}
    return Counts(by_name.get("pass", 0), by_name.get("fail", 0), by_name.get("skipped", 0))
