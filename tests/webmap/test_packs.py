"""What goes out as one module does what its modules do one by one."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from webmap import assets, packs

OURS: Final = Path(assets.__file__).parent / "static" / "js"
NODE: Final = shutil.which("node") or "node"
TOLD: Final = {
    "entry": """\
import { add as sum, COUNT } from "./deep/sums.js";
import * as words from "./words.js";
/** What is to be told. */
const tools = await Promise.all(["one"].map((name) => import(`./deep/${name}.js`)));
const lost = await import("./deep/two.js").catch(() => "no such tool");
console.log(sum(1, COUNT), words.greet("you"), tools[0].default(), lost, words.here.slice(-11));
""",
    "last": 'console.log("nobody waits for an entry");\n',
    "words": """\
import { both } from "./round.js";
const greeting = await Promise.resolve("hello");
export function greet(name) {
  return `${greeting} ${both(name)}`;
}
export const polite = (name) => `dear ${name}`;
export const here = import.meta.url;
""",
    "round": """\
import {
  polite,
} from "./words.js";
export function both(name) { return polite(name); }
""",
    "deep/sums": """\
class Counter {}
export { Counter };
export const COUNT = 41;
export async function never() {}
export function add(a, b) { return a + b; }
""",
    "deep/one": 'export default function start() { return "started"; }\n',
}


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """Modules in every form that ours have, below a folder js."""
    for name, source in TOLD.items():
        path = tmp_path / "js" / f"{name}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    (tmp_path / "packs").mkdir()
    (tmp_path / "package.json").write_text('{"type": "module"}')
    return tmp_path


def said(path: Path, *options: str) -> list[str]:
    """What a module prints, line by line."""
    command = [NODE, *options, str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return sorted(done.stdout.splitlines())


def test_a_pack_says_what_its_modules_say(modules: Path) -> None:
    packed = modules / "packs" / "all.js"
    packed.write_text(packs.pack(modules / "js", ["deep/one", "entry", "last"]))
    alone = modules / "js" / "all.js"
    alone.write_text('import "./entry.js";\nimport "./last.js";\n')
    told = ["42 hello dear you started no such tool js/words.js", "nobody waits for an entry"]
    assert said(packed) == said(alone) == told


def test_what_no_pack_is_made_of_is_refused(modules: Path) -> None:
    for strange in ('import "./words.js";', "export let count = 1;", "import(name);"):
        (modules / "js" / "strange.js").write_text(f"{strange}\n")
        with pytest.raises(packs.UnknownFormError):
            packs.pack(modules / "js", ["strange"])
        packs._imports.cache_clear()


def test_all_of_our_modules_can_be_packed(tmp_path: Path) -> None:
    names = [str(path.relative_to(OURS))[:-3] for path in sorted(OURS.rglob("*.js"))]
    assert set(packs.graph(OURS, names)) == set(names)
    packed = tmp_path / "all.mjs"
    packed.write_text(packs.pack(OURS, names))
    assert said(packed, "--check") == []


def test_an_address_of_a_pack_names_its_modules() -> None:
    written = packs.named(["bar", "tools/base", "bar", "map"])
    assert packs.names(written) == ["bar", "tools/base", "map"]
