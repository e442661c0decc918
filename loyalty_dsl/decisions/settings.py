"""`status.gold=$600`: a number of a rule file set to another value, and the file read again.

Invariants: a setting edits one number, or one phrase around it, in the text and nothing else; what it makes
is parsed and checked like any file. Setting a number to its own value gives the same text, to the character.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import attrs

from loyalty_dsl.decisions.paths import NumberPath, paths_of
from loyalty_dsl.decisions.written import EXAMPLES, Kind, parse_number
from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.refusals import InputRefused, ProgramRefused, quoted_for_a_shell
from loyalty_dsl.source import SourceText

_FORBIDDEN = "{}#\r\n"


@attrs.frozen
class Setting:
    """A path and the value that it is set to, both as written."""

    path: str
    value: str

    def __str__(self) -> str:
        return f"{self.path}={self.value}"


def parse_setting(text: str) -> Setting:
    """Reads `PATH=VALUE`.

    Raises:
        InputRefused: there is no `=`, or nothing on one side of it.
    """
    path, sign, value = (part.strip() for part in text.partition("="))
    if not (path and sign and value):
        raise InputRefused(f"`{text}` sets nothing", "write PATH=VALUE, such as 'status.gold=$600'")
    return Setting(path, value)


def find_path(text: str, paths: Sequence[NumberPath], within: Sequence[str] = ()) -> NumberPath:
    """The number that a path stands for.

    Args:
        text: a path, or another name of one.
        within: names of the program and the population that are meant, where a path is in several.

    Raises:
        InputRefused: there is none, or several.
    """
    found = [path for path in paths if text == path.path] or [p for p in paths if text in p.aliases]
    if len(found) > 1:
        found = [path for path in found if path.owner in within] or found
    if len(found) == 1:
        return found[0]
    if found:
        names = listed((f"{path.owner}.{text}" for path in found), "or")
        raise InputRefused(f"`{text}` stands for {len(found)} numbers", f"write {names}")
    near = _near(text, paths)
    raise InputRefused(
        f"there is no number `{text}`",
        f"did you mean {near}?" if near else "`loyalty sweep FILE --list` shows every number with its path",
    )


def verify_owner(path: NumberPath, names: Sequence[str]) -> None:
    """Refuses a number of a program or a population that is not simulated: it would change nothing.

    Args:
        names: of the program and the population that are.

    Raises:
        InputRefused: it is of another one.
    """
    if path.owner not in names:
        raise InputRefused(
            f"`{path.path}` is a number of {path.owner}, and {' and '.join(names)} "
            f"{'is' if len(names) == 1 else 'are'} simulated"
        )


def _near(text: str, paths: Sequence[NumberPath]) -> str | None:
    """The path that was probably meant; else those that begin like it."""
    names = {name for path in paths for name in (path.path, *path.aliases)}
    inside = sorted(path.path for path in paths if path.path.startswith(f"{text}."))
    if inside:
        return listed(inside, "or", most=6)
    near = nearest(text, names)
    if near is not None:
        return f"`{near}`"
    first = text.partition(".")[0]
    same = [path.path for path in paths if path.path.partition(".")[0] == first]
    return listed(same, "or", most=6) if same else None


def apply_settings(
    sources: Sequence[SourceText], settings: Iterable[Setting], within: Sequence[str] = ()
) -> tuple[SourceText, ...]:
    """Files with some numbers set.

    Args:
        sources: files that check.
        within: as of `find_path`.

    Returns:
        The files in their order; one in which nothing is set is the same object.

    Raises:
        InputRefused: an unknown path, a value in another unit, or a number that is set twice.
    """
    paths = paths_of(sources)
    edits: dict[int, list[tuple[int, int, str]]] = {}
    seen: dict[tuple[int, int], Setting] = {}
    for setting in settings:
        path = find_path(setting.path, paths, within)
        start, end, text = value_edit(setting, path)
        place = (id(path.span.source), path.span.start)
        if place in seen:
            raise InputRefused(f"`{path.path}` is set twice: {seen[place]} and {setting}")
        seen[place] = setting
        edits.setdefault(id(path.span.source), []).append((start, end, text))
    given = {
        source: tuple(str(each) for (of, _), each in seen.items() if of == id(source)) for source in sources
    }
    return tuple(_edited(source, edits.get(id(source), []), given[source]) for source in sources)


def _edited(source: SourceText, edits: list[tuple[int, int, str]], given: tuple[str, ...]) -> SourceText:
    text, last = source.text, len(source.text)
    for start, end, new in sorted(edits, reverse=True):
        if end > last:
            raise InputRefused(f"two settings change the same words: `{source.text[start:end]}`")
        text, last = text[:start] + new + text[end:], start
    if text == source.text:
        return source
    anew = {setting.partition("=")[0] for setting in given}
    kept = tuple(each for each in source.settings if each.partition("=")[0] not in anew)
    return SourceText(source.name, text, kept + given, source.as_read or source)


def value_edit(setting: Setting, path: NumberPath) -> tuple[int, int, str]:
    """Where the text changes, and what it says there then.

    Raises:
        InputRefused: the value is in another unit, or none.
    """
    told = f"`{setting}`: {path.path} is {_described(path)}"
    if any(character in setting.value for character in _FORBIDDEN):
        raise InputRefused(f"`{setting}` is no value: it has a sign that no number has")
    written = parse_number(setting.value)
    if written is None:
        if setting.value in ("nothing", "never") or path.phrase == path.span:
            raise InputRefused(told, f"write a value such as {setting.path}={path.text}")
        return path.phrase.start, path.phrase.end, setting.value
    alone = not written.rest or written.rest in path.units
    if written.kind is not path.kind and alone:
        raise InputRefused(f"{told}, and {written.number} is {written.kind.value}", _such_as(setting, path))
    if written.kind is Kind.MONEY and alone and written.symbol != path.symbol:
        raise InputRefused(f"{told}, and the file writes money with `{path.symbol}`", _such_as(setting, path))
    if alone:
        if written.value == path.value and written.kind is path.kind:
            return path.span.start, path.span.end, path.span.text
        return path.span.start, path.span.end, written.number
    if path.phrase == path.span:
        raise InputRefused(f"{told}, without `{written.rest}`", _such_as(setting, path))
    return path.phrase.start, path.phrase.end, setting.value


def _such_as(setting: Setting, path: NumberPath) -> str:
    """The same number in the path's own unit."""
    number = re.sub(r"[^\d.,KMBkmb-]", "", setting.value.split()[0])
    match path.kind:
        case Kind.MONEY:
            number = path.symbol + number
        case Kind.PERCENT:
            number += "%"
        case Kind.NUMBER:
            pass
    said = f"{setting.path}={number}"
    lost = path.symbol == "$" and path.kind is Kind.MONEY and setting.value[0].isdigit()
    return f"write it {quoted_for_a_shell(said)}" if lost else f"write {said}"


def _described(path: NumberPath) -> str:
    """What a number is: `money, such as $500`, `a number of points`."""
    if path.kind is Kind.NUMBER and path.unit:
        unit = path.unit if path.unit.startswith("per ") else f"of {path.unit}"
        return f"a number {unit}, {path.text}"
    return f"{path.kind.value}, such as {EXAMPLES[path.kind]}"


# ---- books


def settled_book(
    sources: Sequence[SourceText], settings: Sequence[Setting], within: Sequence[str] = ()
) -> Book:
    """The book of some files with some numbers set.

    Args:
        sources: files; those without settings must check.

    Raises:
        ProgramRefused: the files have errors as they are.
        InputRefused: as of `apply_settings`, or a value is refused by what checks every file; it says which.
    """
    if not settings:
        return _checked(sources)
    edited = apply_settings(sources, settings, within)
    book, found = _check(edited)
    if book is not None:
        return book
    _checked(sources)  # files that were wrong before are told as such
    raise InputRefused(*_refused(settings, sources, found, within))


def check_settled(
    sources: Sequence[SourceText], settings: Sequence[Setting]
) -> tuple[tuple[SourceText, ...], Book, tuple[Diagnostic, ...]]:
    """Files with some numbers set, their book, and the warnings that they have then.

    Raises:
        InputRefused: as of `settled_book`.
    """
    book = settled_book(sources, settings)
    _, found = _check(book.sources)
    return book.sources, book, found


def with_settings(book: Book, settings: Mapping[str, str]) -> Book:
    """A book with some of its numbers set.

    Args:
        settings: values by path, as rule files write them: `{"status.gold": "$600"}`.

    Raises:
        InputRefused: an unknown path, or a value that is refused.
    """
    return settled_book(book.sources, [Setting(path, value) for path, value in settings.items()])


def _checked(sources: Sequence[SourceText]) -> Book:
    book, found = _check(sources)
    if book is None:
        raise ProgramRefused(found, sources)
    return book


def _check(sources: Sequence[SourceText]) -> tuple[Book | None, tuple[Diagnostic, ...]]:
    found: list[Diagnostic] = []
    files = []
    for source in sources:
        file, of_file = parse_file(source)
        files.append(file)
        found.extend(of_file)
    book, of_book = check_book(files, found)
    return book, (*found, *of_book)


def _refused(
    settings: Sequence[Setting],
    sources: Sequence[SourceText],
    found: Iterable[Diagnostic],
    within: Sequence[str],
) -> tuple[str, str | None]:
    """The first error of an edited file, told as one of the setting that brought it."""
    error = next(each for each in found if each.is_error)
    guilty = _guilty(settings, sources, within)
    are = "is" if guilty.count("=") == 1 else "are"
    told = f"{guilty} {are} refused: [{error.code}] {error.message}\n  {error.span}: {_line_of(error)}"
    return told, error.help


def _line_of(error: Diagnostic) -> str:
    return error.span.source.line(error.span.line).strip()


def _guilty(settings: Sequence[Setting], sources: Sequence[SourceText], within: Sequence[str]) -> str:
    """The one setting that is wrong alone; all of them where they are wrong together."""
    wrong = [setting for setting in settings if _check(apply_settings(sources, [setting], within))[0] is None]
    return " with ".join(f"`{setting}`" for setting in (wrong if len(wrong) == 1 else settings))
