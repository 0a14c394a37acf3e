"""Words on pictures: written with a face that knows Chinese, where there is one."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from PIL import ImageFont

PLACES: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
FACES: Final = (
    *("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf"),
    *("SourceHanSansSC-Regular.otf", "SourceHanSansCN-Regular.otf", "wqy-microhei.ttc"),
    *("wqy-zenhei.ttc", "DroidSansFallbackFull.ttf", "DroidSansFallback.ttf"),
)
"""Files of faces that know the simplified signs, the better first."""
_MOST_FACES: Final = 12

Face = ImageFont.FreeTypeFont | ImageFont.ImageFont


def found(places: tuple[Path, ...] = PLACES) -> Path | None:
    """The best face below some folders, None where there is none."""
    there = {path.name: path for place in places for path in place.rglob("*.[ot]t[fc]")}
    return next((there[name] for name in FACES if name in there), None)


@dataclass(frozen=True)
class Letters:
    """How words are written: with the face of a file, or without Chinese where there is none."""

    file: Path | None

    def face(self, size: int) -> Face:
        """The face, `size` pixels high."""
        if self.file is None:
            return ImageFont.load_default(size)
        return ImageFont.truetype(self.file, size, index=_simplified(self.file) or 0)

    def legible(self, text: str) -> str:
        """The text, or what of it a face without Chinese can write."""
        if self.file is not None:
            return text
        for sign, plain in (("–", "-"), ("≥", ">="), ("÷", "/"), ("：", ": "), ("，", ", ")):
            text = text.replace(sign, plain)
        return " ".join(text.encode("ascii", "ignore").decode().split()).lstrip(" :,;%-")

    def lines(self, text: str, size: int, width: int) -> list[str]:
        """The text parted into lines that are at most `width` pixels long."""
        face, made = self.face(size), [""]
        for sign in self.legible(text):
            if made[-1] and face.getlength(made[-1] + sign) > width:
                head, _blank, tail = made[-1].rpartition(" ")
                whole = sign == " " or not sign.isascii() or not head or not tail.isascii()
                made[-1:] = [made[-1], ""] if whole else [head, tail]
            made[-1] += sign if made[-1] or sign != " " else ""
        return [line for line in made if line]


@cache
def letters(file: str = "") -> Letters:
    """How to write with the face of a file, else with the machine's best."""
    return Letters(Path(file) if file and _simplified(Path(file)) is not None else found())


@cache
def _simplified(file: Path) -> int | None:
    """Which face of a collection has the signs of the mainland; None where it is no font."""
    first = None
    for index in range(_MOST_FACES):
        try:
            family, _style = ImageFont.truetype(file, 10, index=index).getname()
        except OSError:
            break
        first = 0
        if family and family.endswith(" SC"):
            return index
    return first
