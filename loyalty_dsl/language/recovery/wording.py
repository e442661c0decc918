"""The words of a message: what was expected, behind what, and what was found instead."""

from collections.abc import Iterable, Sequence

from loyalty_dsl.diagnostics import Diagnostic, Edit
from loyalty_dsl.language import spelling
from loyalty_dsl.language.automaton import accepted, after, made_by
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.language.recovery.trouble import Answer, Trouble, headed, is_word
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.tables import END, NEWLINE, Tables
from loyalty_dsl.language.tokens import Token
from loyalty_dsl.source import Span


def unexpected(trouble: Trouble) -> Answer:
    stack = trouble.stack()
    wanted = _wanted(trouble.tables, stack)
    behind = _behind(trouble, stack)
    if trouble.at == trouble.first:
        clause = "row" if trouble.place == "by" else "clause"
        what = f"a {clause} of {block_in_words(trouble.place)}" if trouble.place else "a block"
        message = f"expected {what}, found {found_in_words(trouble.token)}"
        words = spelling.leading_words(trouble.place)
        help_ = f"it starts with {listed(words, 'or', most=20)}" if words else None
    else:
        message = f"expected {wanted}{behind}" if wanted else f"unexpected {found_in_words(trouble.token)}"
        if wanted and trouble.token.kind not in (NEWLINE, END):
            message += f", found {found_in_words(trouble.token)}"
        help_ = shape_of(trouble)
    if trouble.token.kind in (NEWLINE, END) and trouble.at > trouble.first:
        end = trouble.tokens[trouble.at - 1].end
        span = Span(trouble.source, end, end)
    else:
        span = trouble.span(trouble.at)
    found = diagnostic("L101", span, message, label="not expected here", help=help_)
    return found, headed(trouble)


def instead(span: Span, expected: str, meant: str, *, safe: bool = False) -> Diagnostic:
    """What is said of words that can only be meant as others."""
    return diagnostic(
        "L101",
        span,
        f"expected {expected}, found `{span.text}`",
        label=f"write `{meant}`",
        edit=Edit(span, meant, safe=safe),
    )


def _wanted(tables: Tables, stack: Sequence[int]) -> str:
    """What fits next: keywords with the words that must follow them, then kinds."""
    kinds = accepted(tables, stack)
    kinds = [kind for kind in kinds if not kind.startswith("NEGATIVE")]
    groups = []
    for members, called in spelling.GROUPS:
        if members <= set(kinds):
            groups.append(called)
            kinds = [kind for kind in kinds if kind not in members]
    words = [kind for kind in kinds if kind in tables.keywords]
    if len(words) == 1 and not groups:
        words = _phrases(tables, stack, words[0])
    else:
        words = [_compound(word) for word in words]
    marks = [f"`{kind}`" for kind in kinds if kind in ("(", ",", "{", "=")]
    named = [kind for kind in kinds if kind in spelling.KINDS and kind not in (NEWLINE, "=")]
    others = [spelling.kind_in_words(kind) for kind in named]
    ends = ["the end of the line"] if NEWLINE in kinds else []
    choices = groups + [f"`{word}`" for word in words] + others + marks + ends
    if len(choices) > 7:
        choices = [*choices[:6], "something else that fits"]
    return (
        choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}" if choices else ""
    )


def _compound(word: str) -> str:
    return spelling.COMPOUNDS.get(word, word)


def _phrases(tables: Tables, stack: Sequence[int], word: str) -> list[str]:
    """`per` as `per rule` and `per event`, where those are the only words that may follow."""
    phrase = word
    state = after(tables, stack, [Token(word, word, 0, 0)])
    for _ in range(4):
        if state is None:
            break
        following = accepted(tables, state)
        if not all(kind in tables.keywords for kind in following) or not 0 < len(following) <= 2:
            break
        if len(following) == 2:
            return [f"{phrase} {kind}" for kind in following]
        phrase += f" {following[0]}"
        state = after(tables, state, [Token(following[0], following[0], 0, 0)])
    return [phrase]


_TRIGGERED = frozenset({"earn", "referral", "benefit"})
"""Blocks in which `on` lines say what happens, and of which there may be several."""


def _behind(trouble: Trouble, stack: Sequence[int]) -> str:
    if trouble.at == trouble.first:
        return ""
    rule = made_by(stack[-1])
    if rule in spelling.PARTS:
        return f" after {spelling.PARTS[rule]}"
    before = trouble.at - 1
    while before > trouble.first and trouble.tokens[before].kind == NEWLINE:  # the clause goes on below
        before -= 1
    return f" after `{trouble.tokens[before].text}`"


def shape_of(trouble: Trouble) -> str | None:
    if (
        trouble.lead.text == "on"
        and trouble.place in _TRIGGERED
        and trouble.tokens[trouble.at].text in (",", "and", "or")
    ):
        behind = "the comma" if trouble.token.text == "," else f"the `{trouble.token.text}`"
        if not any(token.kind == "where" for token in trouble.tokens[trouble.first : trouble.at]):
            return f"one line has one trigger: write a second `on` line for what follows {behind}"
    begun = [(token.kind, token.text) for token in trouble.tokens[trouble.first : trouble.at + 1]]
    shown = spelling.example_like(trouble.place, trouble.lead.text, begun)
    if shown is None:
        shown = spelling.example(trouble.place, trouble.lead.text)
    if shown is None and is_word(trouble.lead):
        listing = any(token.text == "one" for token in trouble.tokens[trouble.first : trouble.at])
        shown = spelling.FIELDS.get("item" if listing else trouble.place)
    return f"such a line reads `{shown}`" if shown else None


def found_in_words(token: Token) -> str:
    match token.kind:
        case "NEWLINE":
            return "the end of the line"
        case "END":
            return "the end of the file"
        case _:
            return f"`{token.text}`"


def no_clause(word: Token, place: str) -> str:
    """That no clause or block starts with this word here."""
    if not place:
        return f"no block starts with `{word.text}`"
    if place == "by":
        return f"`{word.text}` begins no row of a table"
    return f"`{word.text}` is no clause of {block_in_words(place)}"


def block_in_words(place: str) -> str:
    match place:
        case "":
            return "a file"
        case "on":
            return "the items of a purchase"
        case "by":
            return "a table"
        case "segment event":
            return "an `event` of a segment"
        case _:
            return f"{'an' if place[0] in 'aeiou' else 'a'} `{place}` block"


def listed_blocks(places: Iterable[str]) -> str:
    """Where a clause belongs: "in a `reward`, `benefit` or `transfer` block"."""
    plain, others = [], []
    for place in places:
        words = block_in_words(place) if place else ""
        if words.endswith("` block"):
            plain.append(place)
        else:
            others.append(f"in {words}" if place else "at the top of a file")
    together = f"in {'an' if plain[0][0] in 'aeiou' else 'a'} {listed(plain, 'or')} block" if plain else ""
    return " or ".join([*([together] if together else []), *others])
