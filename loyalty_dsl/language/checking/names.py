"""Names in scope: declared once, never one `s` apart, and guessed at when unknown.

Invariant: a name is stored as it was declared. Where amounts are counted in it (currencies), its regular
singular or plural means the same.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

import attrs

from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.losses import NOTHING_UNSEEN, Unseen
from loyalty_dsl.language.plurals import other_numbers, plurals_of
from loyalty_dsl.language.suggestions import listed, nearest, with_article
from loyalty_dsl.language.syntax import Name
from loyalty_dsl.source import Span

T = TypeVar("T")


@attrs.define
class Names(Generic[T]):
    """The names of one kind in one scope.

    Attributes:
        kind: what they name, as messages say it: `currency`.
        unseen: names that may have been declared where the parser could not read, and are not reported.
        owner: behind the kind in messages: ` of purchase`.
        plurals: whether the regular singular or plural of a name stands for it.
        taken: names that the language keeps for itself, and why.
        also: words that people say for a name of these.
    """

    kind: str
    findings: Findings
    unseen: Unseen = NOTHING_UNSEEN
    owner: str = ""
    plurals: bool = False
    taken: dict[str, str] = attrs.field(factory=dict)
    also: dict[str, str] = attrs.field(factory=dict)
    _things: dict[str, tuple[T, Span | None]] = attrs.field(factory=dict)

    def __len__(self) -> int:
        return len(self._things)

    def __iter__(self) -> Iterator[str]:
        return iter(self._things)

    def things(self) -> tuple[T, ...]:
        """What the names stand for, in declared order."""
        return tuple(thing for thing, _ in self._things.values())

    def include(self, text: str, thing: T, span: Span | None = None) -> None:
        """Adds a name that needs no checking: the language's own, or one already checked."""
        self._things[text] = (thing, span)

    def declare(self, name: Name, thing: T) -> bool:
        """Adds a name, unless it is taken.

        Returns:
            Whether it was added; if not, why is among the findings.
        """
        first = self._things.get(name.text)
        if first is not None:
            self.findings.report(
                "L202",
                name.span,
                f"the {self.kind} `{name.text}` is declared twice",
                label="again here",
                secondary=[(first[1], "first declared here")],
                help="give one of them another name, or delete one",
            )
            return False
        if name.text in self.taken:
            self.hide(name.text)
            self.findings.report(
                "L207",
                name.span,
                f"{with_article(self.kind)} cannot be named `{name.text}`: {self.taken[name.text]}",
                help="choose another name",
            )
            return False
        for twin in other_numbers(name.text):
            if twin in self._things:
                self.findings.report(
                    "L203",
                    name.span,
                    f"`{name.text}` and `{twin}` differ only in singular and plural",
                    label=f"this {self.kind}",
                    secondary=[(self._things[twin][1], f"and this {self.kind}")],
                    help="give one of them a name that cannot be mistaken for the other",
                )
                return False
        self._things[name.text] = (thing, name.span)
        return True

    def hide(self, text: str) -> None:
        """Keeps a name whose declaration is wrong from being reported as unknown."""
        self.unseen |= Unseen(frozenset({text}))

    def find(self, text: str) -> T | None:
        """What a name stands for, without a word if nothing."""
        entry = self._things.get(text)
        if entry is None and self.plurals:
            entry = next((self._things[twin] for twin in other_numbers(text) if twin in self._things), None)
        return entry[0] if entry else None

    def span_of(self, text: str) -> Span | None:
        """Where a name was declared; `None` for the language's own."""
        return self._things[text][1]

    def resolve(self, name: Name, code: str = "L201", help: str | None = None) -> T | None:
        """What a name stands for; if nothing, it is reported with the nearest name in scope.

        Args:
            help: what to do instead of choosing a name in scope.
        """
        thing = self.find(name.text)
        if thing is None and not self.may_be_unseen(name.text):
            self.report_unknown(name, code, help)
        return thing

    def may_be_unseen(self, text: str) -> bool:
        """Whether a name may have been declared where the parser could not read."""
        forms = (text, *other_numbers(text)) if self.plurals else (text,)
        return any(form in self.unseen for form in forms)

    def report_unknown(self, name: Name, code: str = "L201", help: str | None = None) -> None:
        """Reports a name that stands for nothing, with the nearest name in scope."""
        guess = self.also.get(name.text)
        if guess is None or guess not in self._things:
            guess = nearest(name.text, self._things)
        if guess is not None:
            help = f"did you mean `{guess}`?"
        elif help is None:
            help = self._in_scope()
        self.findings.report(
            code,
            name.span,
            f"there is no {self.kind} `{name.text}`{self.owner}",
            secondary=[(self._things[guess][1], f"`{guess}` is declared here")] if guess else [],
            help=help,
            edit=Edit(name.span, guess) if guess else None,
        )

    def _in_scope(self) -> str:
        """The names there are, as a sentence."""
        known = listed(self._things)
        if len(self) == 0:
            return f"no {self.kind}{self.owner} is declared"
        if len(self) == 1:
            return f"the only {self.kind}{self.owner} is {known}"
        return f"the {plurals_of(self.kind)[0]}{self.owner} are {known}"
