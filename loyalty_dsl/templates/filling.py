"""A new program from one of the templates beside this module.

Invariant: a template is a rule file that checks, passes its scenarios and forecasts as it lies here, and a
filled one is the same text but for the name, the label, the money and the time zone. What is filled in is
refused unless it can stand in those places, so that what a user says is never read as more than a name.
"""

import re
import shlex
from pathlib import Path
from unicodedata import normalize

import attrs

from loyalty_dsl.language.automaton import reserved_words
from loyalty_dsl.language.checking.program import NO_PLACE
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.quantities import SYMBOLS
from loyalty_dsl.refusals import InputRefused

TEMPLATES = {
    "points": "a point for each $1, and $5 off for 500 points",
    "tiered": "points, and three levels by the spend of the year",
    "cashback": "2% back as credit that pays like money, more on some goods",
    "punch_card": "a stamp for each drink, and the tenth is free",
    "paid_membership": "a fee by the month or the year, free delivery and 5% off",
    "coalition": "one balance at two companies, and what they settle",
    "referral": "credit for who brings a friend, 15% off for the friend",
    "recognition": "colleagues who thank each other with points",
}
"""Each template and what it is, in words that `loyalty new --list` prints."""

_NAME, _LABEL, _ZONE = "my_program", "My Program", "America/New_York"
"""What stands in a template where a new program says its own."""

_WORDS = {"GBP": ("pound", "pounds"), "EUR": ("euro", "euros")}
_LONGEST = 40


@attrs.frozen
class Begun:
    """A file of a new program: its name, what is in it in a few words, and its text."""

    name: str
    holds: str
    text: str


def fill_template(
    template: str, name: str, label: str | None = None, money: str = "USD", timezone: str = _ZONE
) -> tuple[Begun, Begun]:
    """Makes the files of a new program.

    Args:
        template: one of `TEMPLATES`.
        name: of the program, as rule files say it: small letters, digits and `_`.
        label: how people say it; by default the words of the name.
        money: an ISO 4217 code of a money with a symbol.
        timezone: of the program's days, such as `Europe/London`.

    Returns:
        The program with its customers and scenarios, and its study.

    Raises:
        InputRefused: one of these cannot stand where it would.
    """
    verify_name(name)
    label = _label_of(name) if label is None else _verified_label(label)
    _verify_money(money)
    _verify_zone(timezone)
    path = Path(__file__).parent / f"{template}.loyalty"
    texts = [path, path.with_stem(f"{template}_study")]
    rules, study = (_filled(each.read_text(encoding="utf-8"), name, label, money, timezone) for each in texts)
    examples = rules.count("\nscenario ")
    return (
        Begun(f"{name}.loyalty", f"the program, its customers and {examples} worked examples", rules),
        Begun(f"{name}_study.loyalty", "what it has to keep to", study),
    )


def verify_name(name: str) -> None:
    """Refuses what cannot name a program, and says what could.

    Raises:
        InputRefused: it is no name of the language, one of its words that never are, or too long.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        rule = "a name has small letters, digits and `_`, and begins with a letter"
        near = _name_near(name)
        again = f"`loyalty new {near} --label {shlex.quote(name)}`" if near else "such as corner_shop"
        raise InputRefused(f"`{name}` cannot name a program: {rule}", again)
    if name in reserved_words():
        raise InputRefused(f"`{name}` is a word of the language", f"such as `{name}_club`")
    if len(name) > _LONGEST:
        raise InputRefused(
            f"a name of {len(name)} letters is too long to read: at most {_LONGEST}",
            "shorten it; --label may be longer",
        )


def _name_near(text: str) -> str | None:
    """The name that is nearest to what somebody wrote, where anything is left of it."""
    plain = normalize("NFKD", text.lower()).encode("ascii", "ignore").decode().replace("'", "")
    words = "_".join(re.findall(r"[a-z0-9]+", plain))
    near = re.sub(r"^[0-9_]+", "", words)[:_LONGEST].strip("_")
    return near if near and near not in reserved_words() else None


def _label_of(name: str) -> str:
    return " ".join(word.capitalize() for word in name.split("_") if word)


def _verified_label(label: str) -> str:
    text = label.strip()
    if not text or not text.isprintable() or '"' in text:
        raise InputRefused(
            f"`{label}` cannot be a label", 'a label is a line of text without `"`, such as Corner Shop'
        )
    if len(text) > 2 * _LONGEST:
        raise InputRefused(f"a label of {len(text)} characters is too long: at most {2 * _LONGEST}")
    return text


def _verify_money(money: str) -> None:
    if money not in SYMBOLS:
        near = nearest(money.upper(), SYMBOLS)
        hint = f"did you mean `{near}`? " if near else ""
        raise InputRefused(
            f"`{money}` is no money that templates are written in", f"{hint}one of {', '.join(SYMBOLS)}"
        )


def _verify_zone(timezone: str) -> None:
    from zoneinfo import available_timezones

    zones = {zone for zone in available_timezones() if not zone.startswith(NO_PLACE)}
    if timezone not in zones:
        near = nearest(timezone, zones)
        raise InputRefused(
            f"there is no time zone `{timezone}`",
            f"did you mean `{near}`?" if near else "write one such as Europe/London",
        )


def _filled(text: str, name: str, label: str, money: str, timezone: str) -> str:
    """The text of a template with its own names, in one pass, so that nothing filled in is filled again."""
    one, several = _WORDS.get(money, ("dollar", "dollars"))
    put = {
        _LABEL: label,
        f'"{_ZONE}"': f'"{timezone}"',
        "money     USD": f"money     {money}",
        "dollars": several,
        "dollar": one,
        "$": SYMBOLS[money],
        _NAME: name,
    }
    marks = "|".join(re.escape(mark) for mark in put)
    return re.sub(marks, lambda found: put[found[0]], text)
