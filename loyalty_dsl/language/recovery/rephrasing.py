"""A clause that is said in other words than the language's: the clause that is meant, ready to be copied.

Invariant: what is offered is made of the clause's own numbers and names and of names that the file declares;
the clause is read on as if it had been written so, and otherwise skipped.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from loyalty_dsl.calendar import MONTHS
from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import spelling
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.language.records import record
from loyalty_dsl.language.recovery.sayings import ALIASES, Saying, sayings_of
from loyalty_dsl.language.recovery.trouble import Answer, Repair, Trouble, is_word, reads_on
from loyalty_dsl.language.tables import NEWLINE
from loyalty_dsl.language.tokens import BAD_DAY, BAD_KINDS, BAD_NUMBER, Token, digits_of, tokenize
from loyalty_dsl.quantities import MAX_DIGITS

_LONGEST = 300
"""Characters of a clause beyond which it is no such saying."""

_COUNTED = "times?|uses?|purchases?|orders?|friends?|referrals?|redemptions?|visits?|events?|transactions?"
_OF_ONE = ("order", "purchase", "transaction", "event", "basket", "visit", "checkout", "stay", "trip")
_FOR_EVER = ("customer", "member", "person", "account", "household", "lifetime", "user", "guest", "client")
_ADVERBS = {
    "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter",
    "yearly": "year", "annually": "year",
}  # fmt: skip
_SIGNS = {"USD": "$", "GBP": "£", "EUR": "€"}
_FACTORS = {"double": "2", "triple": "3", "twice": "2", "quadruple": "4", "thrice": "3"}


@record
class _Declared:
    """Names that the file declares, as far as its tokens say.

    Attributes:
        own: the name of the block that the clause is in.
        field_of: the one-of field that has a value.
    """

    earns: tuple[str, ...]
    counters: tuple[str, ...]
    levels: tuple[str, ...]
    ladder: str
    currency: str
    events: tuple[str, ...]
    rewards: tuple[str, ...]
    field_of: Mapping[str, str]
    own: str
    sign: str


def said_otherwise(trouble: Trouble) -> Answer | None:
    """The clause that is meant by what is said in other words."""
    text = _text(trouble)
    sayings = sayings_of(trouble.place)
    if not sayings or text is None or _is_broken(trouble):
        return None
    known: _Declared | None = None
    for saying in sayings:
        if saying.hint and not any(word in text for word in saying.hint):
            continue
        known = _declared(trouble) if known is None else known
        names = (known.levels, known.events, tuple(known.field_of), known.rewards)
        match = _pattern(saying.pattern, *names).fullmatch(text)
        if match is not None:
            answer = _answer(trouble, saying, match, known)
            if answer is not None:
                return answer
    return None


def _is_broken(trouble: Trouble) -> bool:
    """Whether a day or a number of the clause is none, which is to be told first."""
    return any(
        token.kind == BAD_DAY or (token.kind == BAD_NUMBER and digits_of(token.text) > MAX_DIGITS)
        for token in trouble.tokens[trouble.first : trouble.end]
    )


def _text(trouble: Trouble) -> str | None:
    """The clause on one line, without its brace; `None` for one that is long, or that holds a text."""
    last = trouble.end - 1
    if last < trouble.first or trouble.tokens[last].end - trouble.lead.start > _LONGEST:
        return None
    return " ".join(trouble.span(trouble.first, last).text.split())


def _answer(trouble: Trouble, saying: Saying, match: re.Match[str], known: _Declared) -> Answer | None:
    words = _words(match, known)
    needs = re.findall(r"{(\w+)}", saying.write + saying.help)
    if any(not words.get(word) for word in needs):
        return None
    clauses = [clause.format_map(words) for clause in saying.write.split(" ; ")] if saying.write else []
    if clauses == [match[0]]:
        return None
    written = " and, on a line of its own, ".join(f"`{clause}`" for clause in clauses)
    advice = saying.help.format_map(words)
    help_ = "; ".join(part for part in (f"write {written}" if written else "", advice) if part)
    span = trouble.span(trouble.first, trouble.end - 1)
    unsure = saying.guess and trouble.lead.text == "on"  # another event would make other clauses wrong
    repair = _read_as(trouble, clauses[0]) if clauses and not unsure else None
    certain = len(clauses) == 1 and not saying.guess and repair is not None
    strange = trouble.lead.kind not in spelling.CLAUSES.get(trouble.place, {})
    code = saying.code or ("L108" if strange and trouble.place not in spelling.FIELDS else "L101")
    message = saying.message.format_map(words) or f"`{match[0]}` is said otherwise here"
    found = diagnostic(
        code, span, message, label=saying.label, help=help_,
        edit=Edit(span, clauses[0], safe=saying.safe and "\n" not in span.text) if certain else None,
    )  # fmt: skip
    return found, repair


def _read_as(trouble: Trouble, clause: str) -> Repair | None:
    start, end = trouble.lead.start, trouble.tokens[trouble.end - 1].end
    tokens = tuple(Token(token.kind, token.text, start, end) for token in list(tokenize(clause))[:-1])
    if any(token.kind in BAD_KINDS or token.kind == NEWLINE for token in tokens):
        return None
    repair = Repair(trouble.first, trouble.end, tokens)
    return repair if reads_on(trouble, repair) else None


# ---- patterns


@cache
def _pattern(
    pattern: str,
    levels: tuple[str, ...],
    events: tuple[str, ...],
    values: tuple[str, ...],
    rewards: tuple[str, ...],
) -> re.Pattern[str]:
    for name, written in (
        *ALIASES.items(), ("LEVEL", _one(levels)), ("EVENT", _one(events)), ("VALUE", _one(values)),
        ("REWARD", _one(rewards)),
    ):  # fmt: skip
        pattern = pattern.replace(f"<{name}>", written)
    return re.compile(pattern)


def _one(names: Iterable[str]) -> str:
    """A pattern for one of some names; of none, for nothing at all."""
    ordered = sorted(names, key=len, reverse=True)
    return "|".join(re.escape(name) for name in ordered) or "(?!)"


# ---- the words of the answer


def _words(match: re.Match[str], known: _Declared) -> Mapping[str, str]:
    """What the templates may say: the groups of the match, and what follows from them."""
    groups = match.groupdict().items()
    words = {name.rstrip("0123456789"): text.strip(" ,.") for name, text in groups if text}
    others = [name for name in known.earns if name != known.own]
    rule = words.get("rule")
    words |= {
        "ladder": known.ladder, "currency": known.currency, "sign": known.sign, "own": known.own,
        "other": rule if rule in others else (others[0] if others else ""),
        "window": _window(words.get("per", "")),
        "text": match[0],
    }  # fmt: skip
    if "time" in words:
        words["time"] = _clock(words["time"])
    if "often" in words:
        words["window"] = _window(words["often"])
    if "count" in words:
        words["n"] = str(_COUNTS.index(words["count"]))
    if "most" in words:
        words["limit"] = _limited(words["most"])
    if "thing" in words:
        thing = "_".join(words["thing"].replace('"', "").lower().split())
        words["thing"] = f"free_{thing}" if thing in ("shipping", "delivery", "returns") else thing
    if "name" in words:
        words["joined"] = "_".join(words["name"].lower().split())
    if "cur" in words and "name" in words and "n" in words:
        window = "" if words["cur"] in known.counters else " earned in calendar year"
        words["level"] = f"level {words['name']} when {words['cur']}{window} >= {words['n']}"
    if "value" in words:
        words["field"] = known.field_of.get(words["value"], "")
    if "cents" in words:
        words["money"] = f"{known.sign}{Decimal(words['cents'].replace(',', '')) / 100:f}"
    if "factor" in words:
        words |= _shares(words["factor"])
    if "nth" in words:
        number = int(words["nth"]) if words["nth"].isdigit() else _ORDINALS.get(words["nth"], 0)
        words["before"] = str(number - 1) if number > 1 else ""
    if "month" in words and "day" in words and "year" in words:
        month = next((i for i, name in enumerate(MONTHS, 1) if name.startswith(words["month"].lower())), 0)
        words["date"] = f"{words['year']}-{month:02}-{int(words['day']):02}" if month else ""
    elif "month" in words and "year" in words:
        words |= _ends_of(words["month"], int(words["year"]))
    if "share" in words:
        share = Decimal(words["share"].removesuffix("%").replace(",", ""))
        words["raised"] = f"{share + 100:f}%"
    if "part" in words:
        words["percent"] = f"{(Decimal(words['part'].replace(',', '')) * 100).normalize():f}%"
    return MappingProxyType(words)


_COUNTS = (
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


def _clock(said: str) -> str:
    """`9am`, `9:30 pm` or `9:00` as the language writes it; nothing for what is no time."""
    hour, minute = (*said.rstrip(" apm").split(":"), "00")[:2]
    if said[-1] == "m" and not 1 <= int(hour) <= 12:
        return ""
    hours = int(hour) % 12 + 12 * (said[-2] == "p") if said[-1] == "m" else int(hour)
    return f"{hours:02}:{minute}" if hours < 24 and int(minute) < 60 else ""


def _ends_of(month: str, year: int) -> dict[str, str]:
    """The first and the last day of `march 2027`."""
    number = next((i for i, name in enumerate(MONTHS, 1) if name.startswith(month)), 0)
    if not number or not 1 <= year <= 9999:
        return {}
    _, last = monthrange(year, number)
    return {"first": f"{year:04}-{number:02}-01", "last": f"{year:04}-{number:02}-{last}"}


_ORDINALS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "tenth": 10}


def _shares(said: str) -> dict[str, str]:
    number = Decimal(_FACTORS.get(said, said.strip("x ").removesuffix("times").strip()))
    if number <= 1:
        return {}
    return {"more": f"{(number - 1) * 100:.0f}%", "whole": f"{number * 100:.0f}%"}


def _window(said: str) -> str:
    """`per day`, `daily`, `a calendar month`, `per customer`: the window of a limit."""
    words = said.split()
    if not words or words[-1] in _FOR_EVER:
        return "lifetime"
    unit = _ADVERBS.get(words[-1], words[-1])
    return "event" if unit in _OF_ONE else f"calendar {unit}"


def _limited(said: str) -> str:
    """What a limit is of: a number alone, or of what happens, is how often."""
    match = re.fullmatch(rf"(\d[\d,]*)(?: (?:{_COUNTED}))?|(once|1x|one time)|(twice|2x)", said)
    if match is None:
        return said
    number = match[1] or ("1" if match[2] else "2")
    return f"{number} {'time' if number == '1' else 'times'}"


# ---- what the file declares


def _declared(trouble: Trouble) -> _Declared:
    tokens = trouble.tokens
    names: dict[str, list[str]] = {}
    field_of: dict[str, str] = {}
    own, sign = "", "$"
    for i in range(len(tokens) - 2):
        word, after = tokens[i], tokens[i + 1]
        starts = i == 0 or tokens[i - 1].kind in (NEWLINE, "{")
        if not starts:
            continue
        if word.kind == "money":
            sign = _SIGNS.get(after.text, "$")
        if after.text == "one" and tokens[i + 2].text == "of":
            for each in tokens[i + 3 : i + 40]:
                if each.kind == NEWLINE:
                    break
                if is_word(each):
                    field_of.setdefault(each.text, word.text)
        if is_word(after) and word.text in ("reward", "benefit"):
            names.setdefault("reward", []).append(after.text)
        if is_word(after) and word.text in ("earn", "level", "tiers", "currency", "event", "counter"):
            names.setdefault(word.text, []).append(after.text)
            if word.text == "earn" and i < trouble.first:
                own = after.text
    return _Declared(
        earns=tuple(names.get("earn", ())),
        counters=tuple(names.get("counter", ())),
        levels=tuple(dict.fromkeys(names.get("level", ()))),
        ladder=next(iter(names.get("tiers", ())), ""),
        currency=next(iter(names.get("currency", ())), ""),
        events=("purchase", "join", *names.get("event", ())),
        rewards=tuple(names.get("reward", ())),
        field_of=field_of,
        own=own,
        sign=sign,
    )
