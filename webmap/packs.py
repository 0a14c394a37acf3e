"""The modules of one page as one module: each a function that is called once, in their order.

A browser that asks for fifty modules waits for fifty answers. What goes out as one is the same
text: an import takes names out of what another function gave, an export gives them. Modules keep
to the forms that are known here; what else stands at the beginning of a line is refused.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Final

_BETWEEN: Final = "+"
_BELOW: Final = "."

_IMPORT: Final = re.compile(
    r"""^import\s+(?:\{([^}]*)\}|\*\s+as\s+(\w+))\s+from\s*["']([^"']+)["'];\n?""", re.MULTILINE
)
_EXPORT: Final = re.compile(
    r"^export\s+(default\s+)?((?:async\s+)?function\s*\*?|class|const)\s+(\w+)", re.MULTILINE
)
_LISTED: Final = re.compile(r"^export\s*\{([^}]*)\};\n?", re.MULTILINE)
_UNKNOWN: Final = re.compile(r"^(?:import|export)\b.*|\bimport\(.*", re.MULTILINE)
_LATER: Final = re.compile(r"""\bimport\(("[^"]*"|`[^`]*`)\)""")
_WAITS: Final = re.compile(r"^(?:const\s+\w+\s*=\s*)?await\b", re.MULTILINE)
_REMARK: Final = re.compile(r"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*\n", re.MULTILINE | re.DOTALL)

_FRAME: Final = """\
"use strict";
const $parts = new Map();
const $due = new Map();
const $settle = (name, part) => {
  $parts.set(name, part);
  for (const take of $due.get(name) ?? []) take(part);
};
const $later = (name, take) => $due.set(name, [...($due.get(name) ?? []), take]);
const $bring = async (path, from) => {
  const name = new URL(path, `file:///${from}`).pathname.slice(1, -3);
  if (!$parts.has(name)) throw new Error(`${name} is not in this pack`);
  return $parts.get(name);
};
"""


class UnknownFormError(ValueError):
    """A module imports or exports in a form that no pack is made of."""


def named(names: Iterable[str]) -> str:
    """The modules of these names, each once, as the address of their pack writes them."""
    return _BETWEEN.join(name.replace("/", _BELOW) for name in dict.fromkeys(names))


def names(written: str) -> list[str]:
    """The names of the modules in such a text."""
    return [name.replace(_BELOW, "/") for name in written.split(_BETWEEN)]


def graph(folder: Path, wanted: Iterable[str]) -> list[str]:
    """The modules of these names in `folder` and all that they import, each after what it takes.

    Raises FileNotFoundError where there is none of a name.
    """
    found: dict[str, None] = {}
    for name in wanted:
        _visit(folder, name, found, set())
    return list(found)


def pack(folder: Path, wanted: Sequence[str]) -> str:
    """The modules of these names in `folder` and all that they import, as one module.

    Raises:
        FileNotFoundError: there is no module of a name.
        UnknownFormError: one of them imports or exports in another way than ours do.
    """
    order = graph(folder, wanted)
    imported = {other for name in order for other in _imports(folder, name)}
    parts = []
    for at, name in enumerate(order):
        source = (folder / f"{name}.js").read_text("utf-8")
        parts.append(_part(name, source, ahead=set(order[at:]), awaited=name in imported))
    return _FRAME + "".join(parts)


def _visit(folder: Path, name: str, found: dict[str, None], above: set[str]) -> None:
    if name in found or name in above:
        return
    for other in _imports(folder, name):
        _visit(folder, other, found, above | {name})
    found[name] = None


@lru_cache(maxsize=400)
def _imports(folder: Path, name: str) -> tuple[str, ...]:
    """What a module imports, as names of modules. Raises FileNotFoundError where there is none."""
    source = (folder / f"{name}.js").read_text("utf-8")
    return tuple(_resolved(name, found[3]) for found in _IMPORT.finditer(source))


def _resolved(name: str, path: str) -> str:
    """The name of the module that `name` calls by a relative path."""
    parts: list[str] = []
    for part in (*PurePosixPath(name).parent.parts, *PurePosixPath(path).parts):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts).removesuffix(".js")


def _part(name: str, source: str, *, ahead: set[str], awaited: bool) -> str:
    """One module as a function that is called at once.

    `ahead` are the modules that come later in the pack: of what imports in a circle, one must be
    first, and takes what it needs of the others when they are there.
    """
    taken: list[str] = []
    given: list[str] = []

    def take(match: re.Match[str]) -> str:
        taken.append(_taken(_resolved(name, match[3]), match[1], match[2], ahead))
        return ""

    def give(match: re.Match[str]) -> str:
        given.append(f"default: {match[3]}" if match[1] else match[3])
        return f"{match[2]} {match[3]}"

    def give_all(match: re.Match[str]) -> str:
        given.extend(one.strip() for one in match[1].split(",") if one.strip())
        return ""

    body = _LISTED.sub(give_all, _EXPORT.sub(give, _IMPORT.sub(take, _REMARK.sub("", source))))
    body = _LATER.sub(r"$bring(\1, " + repr(name) + ")", body)
    body = body.replace("import.meta.url", f'new URL("../js/{name}.js", import.meta.url).href')
    if strange := _UNKNOWN.search(body):
        raise UnknownFormError(f"{name}: {strange[0]}")
    waits = _WAITS.search(body) is not None
    inside = f"{''.join(taken)}{body}return {{ {', '.join(given)} }};"
    call = f"({'async ' if waits else ''}() => {{\n{inside}\n}})()"
    return f"// {name}\n{_called(name, call, waits=waits, awaited=awaited)}\n"


def _taken(other: str, some: str | None, whole: str | None, ahead: set[str]) -> str:
    """The statement that takes names out of another module."""
    if whole:
        if other in ahead:
            raise UnknownFormError(f"{other} is taken as a whole in a circle")
        return f"const {whole} = $parts.get({other!r});\n"
    pairs = [one.split(" as ") for one in (some or "").split(",") if one.strip()]
    pattern = ", ".join(": ".join(part.strip() for part in pair) for pair in pairs)
    if other not in ahead:
        return f"const {{ {pattern} }} = $parts.get({other!r});\n"
    own = ", ".join(pair[-1].strip() for pair in pairs)
    return f"let {own};\n$later({other!r}, (part) => {{ ({{ {pattern} }} = part); }});\n"


def _called(name: str, call: str, *, waits: bool, awaited: bool) -> str:
    """The call; nobody waits for what waits itself, unless somebody takes something out of it."""
    if waits and not awaited:
        return f"{call}.then((part) => $settle({name!r}, part));"
    return f"$settle({name!r}, {'await ' if waits else ''}{call});"
