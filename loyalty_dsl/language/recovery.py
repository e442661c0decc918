"""What to say about a token that does not fit, and how to read on.

Invariant: a repair makes the clause parse past the token that did not fit; without one the clause is
skipped. Each mistake gets one diagnostic, made where reading failed, in the language's own words.

The order of the questions is the order of how sure we are: is the token itself broken; does the clause
belong to a later version; is it a known trap; is it a misspelt word; is one word or mark missing or too
many; and only then what would have fitted here.
"""

from collections.abc import Iterable, Sequence

import attrs

from loyalty_dsl.diagnostics import Diagnostic, Edit
from loyalty_dsl.language import lexical_mistakes, not_yet, spelling
from loyalty_dsl.language.automaton import accepted, after, made_by, progress
from loyalty_dsl.language.braces import CONTINUING
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.tables import END, NEWLINE, Tables
from loyalty_dsl.language.tokens import BAD_KINDS, Token
from loyalty_dsl.source import SourceText, Span

_FAR_ENOUGH = 3
"""Tokens behind a repair that must fit, when the clause does not fit to its end."""

_LOOK_AHEAD = 40


@attrs.frozen
class Trouble:
    """Where reading failed.

    Attributes:
        states: the stack where the clause starts.
        tokens: those of the file, braces paired.
        first, at, end: the clause's first token, the one that does not fit, and the clause's last (its
            newline, its opening brace, or the brace that closes the block around it).
        place: the word of the block that the clause is in; `""` at the top of a file.
    """

    source: SourceText
    tables: Tables
    states: tuple[int, ...]
    tokens: Sequence[Token]
    first: int
    at: int
    end: int
    place: str

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    @property
    def lead(self) -> Token:
        return self.tokens[self.first]

    @property
    def is_header(self) -> bool:
        return self.tokens[self.end].kind == "{"

    def span(self, first: int, last: int | None = None) -> Span:
        """The text of the tokens `first` to `last`, both included."""
        return Span(self.source, self.tokens[first].start, self.tokens[first if last is None else last].end)

    def stack(self) -> list[int]:
        """The stack before the token that does not fit."""
        found = after(self.tables, self.states, self.tokens[self.first : self.at])
        return found if found is not None else list(self.states)


@attrs.frozen
class Repair:
    """Tokens `start` to `end` (not included) are to be read as `tokens`."""

    start: int
    end: int
    tokens: tuple[Token, ...]


Answer = tuple[Diagnostic | None, Repair | None]


def explain_trouble(trouble: Trouble) -> Answer:
    """What to tell about a token that does not fit, and how to read on.

    Returns:
        The diagnostic, and a repair of the clause's tokens; without a repair the clause is to be skipped.
    """
    for question in (_later_clause, _broken_token, _misspelt_start, _later_phrase, _mixed_chain, _open_bracket):
        answer = question(trouble)
        if answer is not None:
            return answer
    return _one_token(trouble) or _unexpected(trouble)


# ---- the questions


def _broken_token(trouble: Trouble) -> Answer | None:
    if trouble.token.kind not in BAD_KINDS:
        return None
    around = trouble.tokens[max(trouble.first, trouble.at - 1) : trouble.at + 2]
    found, start, end, tokens = lexical_mistakes.explain(trouble.source, around, trouble.token)
    shift = trouble.at - around.index(trouble.token)
    repair = Repair(shift + start, shift + end, tokens)
    if _reads_on(trouble, repair):
        return found, repair
    wanted = [kind for kind in accepted(trouble.tables, trouble.stack()) if kind in spelling.STAND_INS]
    for kind in wanted:  # a number where money is wanted, say: one mistake is enough to tell
        repair = Repair(trouble.at, trouble.at + 1, (_stand_in(kind, trouble.token),))
        if _reads_on(trouble, repair):
            return found, repair
    return found, _without_tail(trouble)


def _later_clause(trouble: Trouble) -> Answer | None:
    what = not_yet.clause_not_yet(trouble.place, trouble.lead.text)
    if what is None:
        return None
    return _not_supported(trouble.span(trouble.first), what), None


def _later_phrase(trouble: Trouble) -> Answer | None:
    match = not_yet.phrase_not_yet(not_yet.PHRASES, trouble.tokens, trouble.first, trouble.at)
    if match is None:
        match = not_yet.phrase_not_yet(not_yet.NAMED_PHRASES, trouble.tokens, trouble.first, trouble.at)
        if match is not None and _misspelt(trouble, trouble.at) is not None:
            return None
    if match is None:
        return None
    phrase, start = match
    last = min(start + len(phrase.words), trouble.end) - 1
    return _not_supported(trouble.span(start, max(start, last)), phrase.what), _without_tail(trouble)


def _not_supported(span: Span, what: str) -> Diagnostic:
    return diagnostic(
        "L190",
        span,
        f"{what} are not supported yet",
        label="not in this version",
        help="the language has them; this version refuses what it cannot run",
    )


def _misspelt_start(trouble: Trouble) -> Answer | None:
    """A clause that starts with no word of its block: misspelt, or at home in another block."""
    word, place = trouble.lead, trouble.place
    if word.kind in spelling.CLAUSES.get(place, {}) or not word.kind.isalpha() or word.kind in (NEWLINE, END):
        return None
    starts_field = place in spelling.FIELDS
    if trouble.at > trouble.first and not starts_field:
        return None
    meant = _nearest_word(word.text, spelling.leading_words(place))
    if meant is not None:
        repair = _replaced(trouble, trouble.first, meant)
        reads_on = _reads_on(trouble, repair)
        if reads_on or not starts_field:
            span = trouble.span(trouble.first)
            return (
                diagnostic(
                    "L108",
                    span,
                    f"`{word.text}` is no clause of {_block(place)}",
                    label="unknown clause",
                    help=f"did you mean `{meant}`?",
                    edit=Edit(span, meant),
                ),
                repair if reads_on else None,
            )
    return None if starts_field else (_foreign_start(trouble), None)


def _foreign_start(trouble: Trouble) -> Diagnostic:
    word, place = trouble.lead, trouble.place
    homes = [home for home in spelling.places_of(word.text) if home != place]
    if homes:
        help_ = f"`{word.text}` belongs in {listed_blocks(homes)}"
    else:
        help_ = f"{_block(place)} has {listed(spelling.leading_words(place), most=10)}"
    return diagnostic(
        "L108",
        trouble.span(trouble.first),
        f"`{word.text}` is no clause of {_block(place)}",
        label="unknown clause",
        help=help_,
    )


def _mixed_chain(trouble: Trouble) -> Answer | None:
    """`a and b or c`: read on as if there were one word only."""
    if trouble.token.kind not in ("and", "or"):
        return None
    other = "or" if trouble.token.kind == "and" else "and"
    depth = 0
    for i in range(trouble.at - 1, trouble.first, -1):
        kind = trouble.tokens[i].kind
        depth += (kind == ")") - (kind == "(")
        if depth < 0:
            return None
        if depth == 0 and kind == other:
            found = diagnostic(
                "L109",
                trouble.span(trouble.at),
                "`and` mixed with `or` needs brackets",
                label=f"`{trouble.token.kind}` here",
                secondary=[(trouble.span(i), f"`{other}` here")],
                help="put brackets around what belongs together: `a and (b or c)`, or `(a and b) or c`",
            )
            repair = _replaced(trouble, trouble.at, other)
            return found, repair if _reads_on(trouble, repair) else None
    return None


def _open_bracket(trouble: Trouble) -> Answer | None:
    if trouble.at != trouble.end and trouble.token.kind != ")":
        return None
    open_at: list[int] = []
    for i in range(trouble.first, trouble.at):
        if trouble.tokens[i].kind == "(":
            open_at.append(i)
        elif trouble.tokens[i].kind == ")" and open_at:
            open_at.pop()
    if trouble.token.kind == ")":
        if open_at:
            return None
        span = trouble.span(trouble.at)
        repair = Repair(trouble.at, trouble.at + 1, ())
        found = diagnostic(
            "L102", span, "this `)` closes nothing", label="no bracket is open here", edit=Edit(span, "")
        )
        return found, repair if _reads_on(trouble, repair) else None
    if not open_at:
        return None
    end = Span(trouble.source, trouble.token.start, trouble.token.start)
    offset = trouble.token.start
    repair = Repair(trouble.at, trouble.at, (Token(")", ")", offset, offset),) * len(open_at))
    if ")" not in accepted(trouble.tables, trouble.stack()):
        return None
    found = diagnostic(
        "L102",
        trouble.span(open_at[-1]),
        "this `(` is not closed",
        label="opened here",
        secondary=[(end, "expected `)` here")],
        edit=Edit(end, ")"),
    )
    return found, repair if _reads_on(trouble, repair) else None


# ---- one word or mark


def _one_token(trouble: Trouble) -> Answer | None:
    """One token misspelt, of the wrong kind, missing, or too many."""
    for i in range(trouble.at, max(trouble.first, trouble.at - 6), -1):
        meant = _misspelt(trouble, i)
        if meant is not None:
            span = trouble.span(i)
            found = diagnostic(
                "L101",
                span,
                f"unexpected `{span.text}`",
                label="not a word that fits here",
                help=f"did you mean `{meant}`?",
                edit=Edit(span, meant),
            )
            return found, _replaced(trouble, i, meant)
    return _other_kind(trouble) or _missing_or_extra(trouble)


def _nearest_word(text: str, words: Sequence[str]) -> str | None:
    """The word that was probably meant. Stricter than for names: words of the language are short."""
    from difflib import get_close_matches

    found = get_close_matches(text, words, n=1, cutoff=0.72)
    return found[0] if found else None


def _misspelt(trouble: Trouble, i: int) -> str | None:
    """The keyword that token `i` was probably meant to be, if the clause reads on with it."""
    token = trouble.tokens[i]
    if not token.kind.isalpha() or token.kind in (NEWLINE, END):
        return None
    stack = after(trouble.tables, trouble.states, trouble.tokens[trouble.first : i])
    if stack is None:
        return None
    fits = [kind for kind in accepted(trouble.tables, stack) if kind in trouble.tables.keywords]
    meant = _nearest_word(token.text, [word for word in fits if word != token.text])
    return meant if meant is not None and _reads_on(trouble, _replaced(trouble, i, meant)) else None


def _other_kind(trouble: Trouble) -> Answer | None:
    """`55` where a percentage is wanted, `usd` where a code is, `"x"` where a name is."""
    token, span = trouble.token, trouble.span(trouble.at)
    fits = accepted(trouble.tables, trouble.stack())
    for kind, text in (
        ("PERCENT", f"{token.text}%" if token.kind == "NUMBER" else ""),
        ("MONEY", f"${token.text}" if token.kind == "NUMBER" else ""),
        ("NUMBER", token.text[1:].rstrip("KMB") if token.kind == "MONEY" else ""),
        ("NUMBER", token.text[:-1] if token.kind == "PERCENT" else ""),
        ("CODE", token.text.upper() if token.kind.isalpha() and len(token.text) == 3 else ""),
        ("STRING", f'"{token.text}"' if token.kind == "NAME" else ""),
    ):
        repair = Repair(trouble.at, trouble.at + 1, (Token(kind, text, token.start, token.end),))
        if text and kind in fits and _reads_on(trouble, repair):
            found = diagnostic(
                "L101",
                span,
                f"expected {spelling.kind_in_words(kind)}, found `{token.text}`",
                label=f"write `{text}`",
                edit=Edit(span, text),
            )
            return found, repair
    return None


def _missing_or_extra(trouble: Trouble) -> Answer | None:
    stack = trouble.stack()
    offset = trouble.token.start
    missing = [
        repair
        for kind in accepted(trouble.tables, stack)
        if kind in trouble.tables.keywords or kind in (",", "{")
        for repair in [Repair(trouble.at, trouble.at, (Token(kind, kind, offset, offset),))]
        if _reads_on(trouble, repair)
    ]
    extra = Repair(trouble.at, trouble.at + 1, ())
    is_extra = trouble.at < trouble.end and _reads_on(trouble, extra, at_least=len(trouble.tokens))
    if is_extra and trouble.token.text == trouble.tokens[trouble.at - 1].text:
        missing = []
    if len(missing) == 1 and not is_extra:
        kind = missing[0].tokens[0].kind
        before = trouble.tokens[trouble.at - 1].end if trouble.at > trouble.first else offset
        place = Span(trouble.source, before, before)
        text = kind if kind == "," else f" {kind}"
        found = diagnostic(
            "L101",
            trouble.span(trouble.at) if trouble.token.kind != NEWLINE else place,
            f"expected `{kind}` before {_found(trouble.token)}",
            label=f"`{kind}` is missing before this",
            help=_shape(trouble),
            edit=Edit(place, text),
        )
        return found, missing[0]
    if is_extra and not missing:
        found = _unexpected(trouble)[0]
        assert found is not None
        span = Span(trouble.source, trouble.tokens[trouble.at - 1].end, trouble.token.end)
        return attrs.evolve(found, edit=Edit(span, "")), extra
    return None


# ---- what would have fitted


def _unexpected(trouble: Trouble) -> Answer:
    stack = trouble.stack()
    wanted = _wanted(trouble.tables, stack)
    behind = _behind(trouble, stack)
    if trouble.at == trouble.first:
        message = f"expected a clause of {_block(trouble.place)}, found {_found(trouble.token)}"
        words = spelling.leading_words(trouble.place)
        help_ = f"a clause starts with {listed(words, 'or', most=10)}" if words else None
    else:
        message = f"expected {wanted}{behind}" if wanted else f"unexpected {_found(trouble.token)}"
        if wanted and trouble.token.kind not in (NEWLINE, END):
            message += f", found {_found(trouble.token)}"
        help_ = _shape(trouble)
    if trouble.token.kind in (NEWLINE, END) and trouble.at > trouble.first:
        end = trouble.tokens[trouble.at - 1].end
        span = Span(trouble.source, end, end)
    else:
        span = trouble.span(trouble.at)
    found = diagnostic("L101", span, message, label="not expected here", help=help_)
    return found, _headed(trouble)


def _wanted(tables: Tables, stack: Sequence[int]) -> str:
    """What fits next: keywords with the words that must follow them, then kinds."""
    kinds = accepted(tables, stack)
    words = [phrase for kind in kinds if kind in tables.keywords for phrase in _phrases(tables, stack, kind)]
    marks = [f"`{kind}`" for kind in kinds if kind in ("(", ",", "{")]
    others = [spelling.kind_in_words(kind) for kind in kinds if kind in spelling.KINDS and kind != NEWLINE]
    ends = ["the end of the line"] if NEWLINE in kinds else []
    choices = [f"`{word}`" for word in words] + others + marks + ends
    if len(choices) > 7:
        choices = [*choices[:6], "something else that fits"]
    return choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}" if choices else ""


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


def _behind(trouble: Trouble, stack: Sequence[int]) -> str:
    if trouble.at == trouble.first:
        return ""
    rule = made_by(stack[-1])
    if rule in spelling.PARTS:
        return f" after {spelling.PARTS[rule]}"
    return f" after `{trouble.tokens[trouble.at - 1].text}`"


def _shape(trouble: Trouble) -> str | None:
    shown = spelling.example(trouble.place, trouble.lead.text)
    if shown is None and trouble.lead.kind == "NAME":
        shown = spelling.FIELDS.get(trouble.place)
    return f"such a line reads `{shown}`" if shown else None


def _found(token: Token) -> str:
    match token.kind:
        case "NEWLINE":
            return "the end of the line"
        case "END":
            return "the end of the file"
        case _:
            return f"`{token.text}`"


def _block(place: str) -> str:
    match place:
        case "":
            return "a file"
        case "on":
            return "the items of a purchase"
        case _:
            return f"{'an' if place[0] in 'aeiou' else 'a'} `{place}` block"


def listed_blocks(places: Iterable[str]) -> str:
    """Blocks as a person lists them."""
    names = [_block(place) if place else "the top level of a file" for place in places]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


# ---- repairs


def _replaced(trouble: Trouble, i: int, word: str) -> Repair:
    token = trouble.tokens[i]
    return Repair(i, i + 1, (Token(word, word, token.start, token.end),))


def _reads_on(trouble: Trouble, repair: Repair, at_least: int = _FAR_ENOUGH) -> bool:
    """Whether the clause, so repaired, is read to its end or at least some tokens past the repair."""
    end = min(trouble.end, trouble.at + _LOOK_AHEAD)
    before = [*trouble.tokens[trouble.first : repair.start], *repair.tokens]
    tokens = [*before, *trouble.tokens[repair.end : end + 1]]
    reached = progress(trouble.tables, trouble.states, tokens)
    behind = max(trouble.at + 1, repair.end) - repair.end + len(before)
    return reached == len(tokens) or reached >= behind + at_least


def _without_tail(trouble: Trouble) -> Repair | None:
    """A header without what does not fit in it, so that its block is read; `None` for other clauses."""
    if not trouble.is_header:
        return None
    for start in range(trouble.at, trouble.first, -1):
        repair = Repair(start, trouble.end, ())
        if _reads_on(trouble, repair):
            return repair
    return None


def _headed(trouble: Trouble) -> Repair | None:
    """A header with a stand-in for what is missing, or without what is too much."""
    if not trouble.is_header:
        return None
    for kind in accepted(trouble.tables, trouble.stack()):
        if kind in spelling.STAND_INS:
            for end in (trouble.at, trouble.at + 1):
                repair = Repair(trouble.at, end, (_stand_in(kind, trouble.token),))
                if end <= trouble.end and _reads_on(trouble, repair):
                    return repair
    return _without_tail(trouble)


def _stand_in(kind: str, token: Token) -> Token:
    return Token(kind, spelling.STAND_INS[kind], token.start, token.start)


def clause_end(tokens: Sequence[Token], first: int) -> int:
    """The token that ends the clause's first line: its newline, its opening brace, the end of the file, or
    the brace that closes the block around it."""
    for i in range(first, len(tokens)):
        kind = tokens[i].kind
        if kind in ("{", "}", END):
            return i
        if kind == NEWLINE and not (i > first and tokens[i - 1].kind in CONTINUING):
            return i
    return len(tokens) - 1
