"""What to say about a token that does not fit, and how to read on.

Invariant: a repair makes the clause parse past the token that did not fit; without one the clause is
skipped. Each mistake gets one diagnostic, made where reading failed, in the language's own words.

The order of the questions in `explain_trouble` is the order of how sure their answers are: what is certain
from the clause or the token alone comes first, then one word or mark that is wrong, missing or too many, and
only then what would have fitted here.
"""

from loyalty_dsl.diagnostics import Diagnostic, Edit
from loyalty_dsl.language import lexical_mistakes, not_yet, spelling
from loyalty_dsl.language.automaton import accepted
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.language.recovery import habits, slips
from loyalty_dsl.language.recovery.rephrasing import said_otherwise
from loyalty_dsl.language.recovery.trouble import (
    Answer,
    Repair,
    Trouble,
    clause_end,
    is_word,
    reads_on,
    replaced,
    without_tail,
)
from loyalty_dsl.language.recovery.wording import block_in_words, listed_blocks, no_clause, unexpected
from loyalty_dsl.language.recovery.words import (
    extra_token,
    is_same_word,
    missing_word,
    misspelt,
    misspelt_word,
    nearest_word,
    other_kind,
    unquoted_text,
)
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.tokens import BAD_KINDS, MISPLACED_KINDS, Token
from loyalty_dsl.source import Span

__all__ = ["Repair", "Trouble", "clause_end", "explain_trouble"]


def explain_trouble(trouble: Trouble) -> Answer:
    """What to tell about a token that does not fit, and how to read on: the first question that has one."""
    questions = (
        _later_clause,
        said_otherwise,
        *slips.QUESTIONS,
        *habits.QUESTIONS,
        unquoted_text,
        _broken_token,
        _misspelt_start,
        _no_unit,
        _later_phrase,
        _mixed_chain,
        _open_bracket,
        misspelt_word,
        other_kind,
        missing_word,
        extra_token,
    )
    for question in questions:
        answer = question(trouble)
        if answer is not None:
            return answer
    return unexpected(trouble)


# ---- the questions


def _broken_token(trouble: Trouble) -> Answer | None:
    kind = trouble.token.kind
    kind = kind if trouble.place == "study" else MISPLACED_KINDS.get(kind, kind)  # a study has them all
    if kind not in BAD_KINDS:
        return None
    broken = trouble.token if kind == trouble.token.kind else trouble.token._replace(kind=kind)
    around = trouble.tokens[max(trouble.first, trouble.at - 1) : trouble.at + 2]
    around = [broken if token is trouble.token else token for token in around]
    found, start, end, tokens = lexical_mistakes.explain(trouble.source, around, broken)
    shift = trouble.at - around.index(broken)
    repair = Repair(shift + start, shift + end, tokens)
    if reads_on(trouble, repair):
        return found, repair
    wanted = [kind for kind in accepted(trouble.tables, trouble.stack()) if kind in spelling.STAND_INS]
    for kind in wanted:  # a number where money is wanted, say: one mistake is enough to tell
        text = spelling.STAND_INS[kind]
        token = Token(kind, text, trouble.token.start, trouble.token.end)
        repair = Repair(trouble.at, trouble.at + 1, (token,))
        if reads_on(trouble, repair):
            return found, repair
    return found, without_tail(trouble)


def _later_clause(trouble: Trouble) -> Answer | None:
    what = not_yet.clause_not_yet(trouble.place, trouble.lead.text)
    if what is None:
        return None
    instead = not_yet.instead_of(trouble.lead.text)
    return _not_supported(trouble.span(trouble.first), what, instead), None


def _no_unit(trouble: Trouble) -> Answer | None:
    """`12 minutes`: nothing here counts in less than days."""
    if trouble.token.text.rstrip("s") not in ("minute", "hour", "second") or trouble.lead.text == "dates":
        return None
    if "days" not in accepted(trouble.tables, trouble.stack()):
        return None
    found = diagnostic(
        "L101",
        trouble.span(trouble.at),
        f"`{trouble.token.text}` are no unit here",
        label="not a unit of the calendar",
        help="durations are in days, weeks, months, quarters or years",
    )
    return found, replaced(trouble, trouble.at, "days")


def _later_phrase(trouble: Trouble) -> Answer | None:
    tokens, first, at = trouble.tokens, trouble.first, trouble.at
    match = not_yet.phrase_not_yet(not_yet.PHRASES, tokens, first, at, place=trouble.place, behind=True)
    if match is None:
        match = not_yet.phrase_not_yet(
            not_yet.NAMED_PHRASES, tokens, first, at, place=trouble.place, behind=False
        )
        meant_otherwise = trouble.token.text in spelling.MONEY_WORDS or misspelt(trouble, at) is not None
        if match is not None and meant_otherwise:
            return None
    if match is None:
        return None
    phrase, start = match
    last = min(start + len(phrase.words), trouble.end) - 1
    return _not_supported(trouble.span(start, max(start, last)), phrase.what, phrase.instead), without_tail(
        trouble
    )


def _not_supported(span: Span, what: str, instead: str = not_yet.LEAVE_OUT) -> Diagnostic:
    return diagnostic(
        "L190",
        span,
        f"{what} are not supported yet",
        label="not in this version",
        help=instead,
    )


def _misspelt_start(trouble: Trouble) -> Answer | None:
    """A clause that starts with no word of its block: misspelt, or at home in another block."""
    word, place = trouble.lead, trouble.place
    if word.kind in spelling.CLAUSES.get(place, {}) or not is_word(word):
        return None
    starts_field = place in spelling.FIELDS
    if trouble.at > trouble.first and not starts_field:
        return None
    if place == "segment event" and word.text in spelling.CLAUSES["segment"]:
        return _foreign_start(trouble), None
    meant = nearest_word(word.text, spelling.leading_words(place))
    if meant is not None:
        repair = replaced(trouble, trouble.first, meant)
        fits = reads_on(trouble, repair)
        if fits or not starts_field:
            span = trouble.span(trouble.first)
            return (
                diagnostic(
                    "L108",
                    span,
                    no_clause(word, place),
                    label="unknown clause",
                    help=f"did you mean `{meant}`?",
                    edit=Edit(span, meant, safe=is_same_word(word.text, meant)),
                ),
                repair if fits else None,
            )
    return None if starts_field else (_foreign_start(trouble), None)


def _foreign_start(trouble: Trouble) -> Diagnostic:
    word, place = trouble.lead, trouble.place
    homes = [home for home in spelling.places_of(word.text) if home != place]
    if homes:
        help_ = f"`{word.text}` belongs {listed_blocks(homes)}"
    else:
        help_ = f"{block_in_words(place)} has {listed(spelling.leading_words(place), most=20)}"
    return diagnostic(
        "L108",
        trouble.span(trouble.first),
        no_clause(word, place),
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
            repair = replaced(trouble, trouble.at, other)
            return found, repair if reads_on(trouble, repair) else None
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
        return found, repair if reads_on(trouble, repair) else None
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
    return found, repair if reads_on(trouble, repair) else None
