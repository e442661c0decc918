"""Every block of the README and of docs/ is run, so that a page cannot say what does not hold.

The first words behind the opening fence say what a block is:

    loyalty                   a whole file: it must check, and its scenarios must pass
    loyalty in program        clauses of a program; what a program needs besides is put around them
    loyalty into NAME         blocks that go into the program NAME, earlier on the page; one with the name of
                              an earlier block takes its place
    loyalty with NAME         blocks about a program that is earlier on the page, as it stands there, or in
                              programs/NAME.loyalty
    console                   `$ loyalty ...` lines, run where programs/ is, and what they print; a line `...`
                              stands for any lines
    console walk, diff NAME   the same, one after the other in one folder: all such blocks of a page are one
                              walk, in which `-` lines of a file become the `+` lines below them
    python                    run where programs/ is
    csv NAME, toml NAME,      a file for the commands after it; TOML is parsed in any case
    text NAME
    yaml                      the commands in it must exist
    text                      shown as it is
"""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import attrs
import pytest

from loyalty_dsl import pipeline
from loyalty_dsl.cli import COMMANDS
from loyalty_dsl.language.printing import print_source
from loyalty_dsl.source import SourceText

REPOSITORY = Path(__file__).parent.parent
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]
INDEX = REPOSITORY / "docs" / "index.md"
GENERATED = {"clauses.md", "commands.md", "diagnostics.md", "gallery.md", "mechanics.md"}
"""Made from the registry of codes, whose own tests run each example, wrong and right; of lines of
programs, by `tests/proof/test_mechanics.py`; of what commands say; of how clauses are spelled."""

HEAD = """\
money     USD
timezone  "America/New_York"
starts    2026-01-01 by purchase date
"""
POINTS = 'currency points "Points" {\n    round   down per rule\n    expire  never\n}\n'


@attrs.frozen
class Block:
    page: Path
    line: int
    info: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(REPOSITORY)}:{self.line}"


def blocks_of(page: Path, text: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order; `line` is that of the fence."""
    fence, info, start, body = "", "", 0, []
    for number, line in enumerate(text.splitlines(), 1):
        mark = re.match(r"\s*(`{3,})\s*(.*)$", line)
        if fence and line.strip() == fence:
            yield Block(page, start, info, "\n".join(body) + "\n")
            fence, body = "", []
        elif fence:
            body.append(line)
        elif mark:
            fence, info, start = mark[1], mark[2].strip(), number
    assert not fence, f"{page}:{start} is never closed"


BLOCKS = [
    block
    for page in PAGES
    if page.name not in GENERATED and page.parent.name != "programs"
    for block in blocks_of(page, page.read_text(encoding="utf-8"))
]


def of_info(info: str) -> list[object]:
    return [pytest.param(block, id=block.place) for block in BLOCKS if block.info == info]


WALKS = sorted({block.page for block in BLOCKS if block.info == "console walk"})


def of_kind(*kinds: str) -> list[object]:
    return [
        pytest.param(block, id=block.place)
        for block in BLOCKS
        if block.info.split(" ")[:1] in [[k] for k in kinds]
    ]


def test_every_block_says_what_it_is() -> None:
    kinds = {"loyalty", "console", "diff", "python", "csv", "toml", "yaml", "text"}
    assert [block.place for block in BLOCKS if block.info.split(" ")[0] not in kinds] == []


# ---- rule files


def whole_file(block: Block) -> str:
    """The text of the block as a file that can be checked."""
    match block.info.split(" "):
        case ["loyalty"]:
            return block.text
        case ["loyalty", "in", "program", *_]:
            head = "" if re.search(r"^\s*money ", block.text, re.MULTILINE) else HEAD
            points = "" if re.search(r"^\s*currency ", block.text, re.MULTILINE) else POINTS
            return f'program example "Example" {{\n{head}{points}{block.text}}}\n'
        case ["loyalty", "into", name]:
            return put_into(program_named(name, block), block.text)
        case ["loyalty", "with", name]:
            return program_named(name, block) + "\n" + block.text
        case _:
            raise AssertionError(f"{block.place}: no such kind of block: {block.info}")


def program_named(name: str, block: Block) -> str:
    """The program as it stands above the block on its page, else that of the file of its name."""
    declares = re.compile(rf"^program {name}\b", re.MULTILINE)
    found = ""
    for above in BLOCKS:
        if above.page == block.page and above.line < block.line:
            if above.info == "loyalty" and declares.search(above.text):
                found = above.text
            elif above.info == f"loyalty into {name}":
                found = put_into(found, above.text)
    return found or (REPOSITORY / "programs" / f"{name}.loyalty").read_text(encoding="utf-8")


PART = re.compile(r"^    (?P<name>\w+(?: \w+)?)[^\n]*\{\n.*?^    \}\n", re.MULTILINE | re.DOTALL)


def laid_out(block: Block) -> str:
    """The text of the block in the canonical layout."""
    inside = block.info.split(" ")[1:2] in (["in"], ["into"])
    text = f"program example {{\n{block.text}}}\n" if inside else block.text
    printed = print_source(SourceText(block.place, text))
    assert not printed.mistakes, block.place
    if not inside:
        return printed.text
    body = printed.text.split("\n", 1)[1].removesuffix("}\n")
    return body if block.text.startswith("    ") else re.sub("^    ", "", body, flags=re.MULTILINE)


def test_rules_on_a_page_are_laid_out() -> None:
    rules = [block for block in BLOCKS if block.info.split(" ")[0] == "loyalty"]
    assert [block.place for block in rules if laid_out(block) != block.text] == []


def put_into(program: str, parts: str) -> str:
    """The program with these parts, which are indented as its own are; a block replaces that of its name."""
    new = {part["name"] for part in PART.finditer(parts)}
    kept = PART.sub(lambda part: "" if part["name"] in new else part[0], program)
    assert kept.endswith("}\n")
    return f"{kept[:-2]}{parts}}}\n"


def test_a_block_takes_the_place_of_one_with_its_name() -> None:
    program = "program shop {\n    earn base {\n        give 1\n    }\n    earn other {\n    }\n}\n"
    part = "    earn base {\n        give 2\n    }\n"
    assert put_into(program, part) == f"program shop {{\n    earn other {{\n    }}\n{part}}}\n"


@pytest.mark.parametrize("block", of_kind("loyalty"))
def test_rules_on_a_page_check_and_their_scenarios_pass(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "page.loyalty"
    path.write_text(whole_file(block), encoding="utf-8")
    book = pipeline.load(path)
    failed = [result.scenario.title for result in pipeline.test(book) if not result.passed]
    assert failed == []


# ---- commands


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a copy of programs/, as current folder."""
    shutil.copytree(REPOSITORY / "programs", tmp_path / "programs")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put_files(block: Block, folder: Path) -> None:
    """Writes the files that the page shows before the block."""
    for other in BLOCKS:
        words = other.info.split(" ")
        if (
            other.page == block.page
            and other.line < block.line
            and words[0] in {"csv", "toml", "text"}
            and words[1:]
        ):
            (folder / words[1]).write_text(other.text, encoding="utf-8")


def commands_of(block: Block) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block with the lines that it prints."""
    command, shown = "", []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, shown
            command, shown = line[2:], []
        else:
            shown.append(line)
    yield command, shown


def fits(printed: list[str], shown: list[str]) -> bool:
    """Whether lines are those shown, where a line `...` stands for any number of lines."""
    if not shown:
        return not printed
    if shown[0].strip() == "...":
        return any(fits(printed[skipped:], shown[1:]) for skipped in range(len(printed) + 1))
    return bool(printed) and printed[0].rstrip() == shown[0].rstrip() and fits(printed[1:], shown[1:])


@pytest.mark.parametrize("block", of_info("console"))
def test_commands_print_what_the_page_shows(block: Block, folder: Path) -> None:
    put_files(block, folder)
    run_commands(block)


@pytest.mark.parametrize("page", WALKS, ids=lambda page: page.name)
def test_a_walk_goes_as_the_page_shows(page: Path, folder: Path) -> None:
    for block in BLOCKS:
        if block.page == page and block.info.startswith("diff "):
            apply_diff(block, folder / block.info.removeprefix("diff "))
        elif block.page == page and block.info == "console walk":
            put_files(block, folder)
            run_commands(block)


def apply_diff(block: Block, path: Path) -> None:
    """Puts the `+` lines of a block in the place of the `-` lines above them; other lines say where."""
    text = path.read_text(encoding="utf-8")
    kept = [line[1:] for line in block.text.splitlines() if line[0] in " -"]
    new = [line[1:] for line in block.text.splitlines() if line[0] in " +"]
    before, after = ("".join(f"{line}\n" for line in lines) for lines in (kept, new))
    assert text.count(before) == 1, f"{block.place}: these lines are not in {path.name} once"
    path.write_text(text.replace(before, after), encoding="utf-8")


def run_commands(block: Block) -> None:
    """Runs the commands of a block in the current folder, and holds what they print to what it shows."""
    for command, shown in commands_of(block):
        words = shlex.split(command)
        assert words[0] == "loyalty", f"{block.place}: only `loyalty` commands are run"
        run = [sys.executable, "-m", "loyalty_dsl", *words[1:]]
        ran = subprocess.run(run, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        assert ran.returncode in (0, 1, 2), ran.stdout
        printed = ran.stdout.rstrip("\n").splitlines()
        while shown and not shown[-1].strip():
            shown.pop()
        assert not shown or fits(printed, shown), f"{block.place}: `{command}` prints\n{ran.stdout}"


def eaten_by_a_shell(command: str) -> list[str]:
    """What a shell would put something else in the place of: `$5` outside of single quotes."""
    return re.findall(r"\$\w+", re.sub(r"'[^']*'", "", command))


def test_a_shell_leaves_the_money_of_commands_alone() -> None:
    """A reader pastes what a page shows: `"purchase $12.50"` would be a purchase of `2.50`."""
    written = re.compile(r"^(?: {4}|\$ )(loyalty .*)$", re.MULTILINE)
    lost = [
        f"{page.name}: {command}"
        for page in PAGES
        for command in written.findall(page.read_text(encoding="utf-8"))
        if eaten_by_a_shell(command)
    ]
    assert lost == []
    assert eaten_by_a_shell("""loyalty trace shop.loyalty --event "purchase $12.50" """) == ["$12"]
    assert eaten_by_a_shell("""loyalty trace shop.loyalty --event 'purchase $12.50' """) == []


@pytest.mark.parametrize(
    ("printed", "shown", "same"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a", "b"], ["a"], False),
        (["a", "b", "c"], ["a", "...", "c"], True),
        (["a", "c"], ["a", "...", "c"], True),
        (["a", "b"], ["...", "c"], False),
        ([], ["a"], False),
    ],
)
def test_only_an_ellipsis_stands_for_other_lines(printed: list[str], shown: list[str], same: bool) -> None:
    assert fits(printed, shown) is same


@pytest.mark.parametrize("block", of_kind("python"))
def test_python_runs(block: Block, folder: Path) -> None:
    put_files(block, folder)
    ran = subprocess.run([sys.executable, "-c", block.text], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{block.place}\n{ran.stderr}"


@pytest.mark.parametrize("block", of_kind("toml"))
def test_toml_is_toml(block: Block) -> None:
    tomllib.loads(block.text)


@pytest.mark.parametrize("block", of_kind("yaml"))
def test_yaml_names_commands_that_exist(block: Block) -> None:
    named = re.findall(r"\bloyalty (\w+)", block.text)
    assert named
    assert set(named) <= set(COMMANDS)


def test_links_lead_somewhere() -> None:
    lost = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#:\s]+)[^):]*\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert lost == []


def anchors(page: Path) -> set[str]:
    """What a link may name behind `#`: the headings of the page, as they are written there."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_links_lead_to_headings() -> None:
    lost = [
        f"{page.name}: {target}#{anchor}"
        for page in PAGES
        for target, anchor in re.findall(r"\]\(([^)#:\s]*)#([^)\s]+)\)", page.read_text(encoding="utf-8"))
        if target.endswith(".md") or not target
        if anchor not in anchors((page.parent / target) if target else page)
    ]
    assert lost == []


def test_every_program_is_in_the_gallery() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| \[(\w+)\]\(programs/(\w+)\.loyalty\) \| \S", readme, re.MULTILINE)
    assert sorted(shown) == sorted(
        (path.stem, path.stem) for path in (REPOSITORY / "programs").glob("*.loyalty")
    )


def test_every_page_is_listed() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    listed = readme[readme.index("## Read on") :]
    missing = [
        page.name
        for page in PAGES[1:]
        if f"(docs/{page.relative_to(REPOSITORY / 'docs')})" not in listed
        if page.parent.name != "programs" or page.name == "index.md"
    ]
    assert missing == []


def test_the_site_leads_to_every_page() -> None:
    listed = INDEX.read_text(encoding="utf-8")
    beside = [page for page in PAGES[1:] if page.parent == INDEX.parent and page != INDEX]
    assert [page.name for page in beside if f"]({page.name})" not in listed] == []


def test_the_readme_has_two_commands_that_set_up_a_fresh_machine() -> None:
    lines = (REPOSITORY / "README.md").read_text(encoding="utf-8").splitlines()
    setups = [line.strip() for line in lines if line.strip().startswith("python3 -m venv")]
    assert len(setups) == 2
    assert setups[0].endswith("loyalty simulate programs/grocery_points.loyalty --report forecast.html")
    assert setups[1].endswith(".venv/bin/pytest -n 2")


def on_the_map() -> set[str]:
    """The modules and folders in the first column of the tables of architecture.md, some with a `*`."""
    text = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return {name.rstrip("/") for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


@pytest.mark.parametrize("folder", [".", "language", "evaluation", "simulation"])
def test_every_module_is_on_the_map(folder: str) -> None:
    there = {
        path.stem
        for path in (REPOSITORY / "loyalty_dsl" / folder).iterdir()
        if not path.name.startswith("_") and (path.is_dir() or path.suffix == ".py")
    }
    assert {name for name in there if not any(fnmatch(name, on_map) for on_map in on_the_map())} == set()


def test_nothing_on_the_map_is_gone() -> None:
    there = {path.stem for path in (REPOSITORY / "loyalty_dsl").rglob("*") if "__pycache__" not in path.parts}
    assert {on_map for on_map in on_the_map() if not any(fnmatch(name, on_map) for name in there)} == set()
