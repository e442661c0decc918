"""A trace on the terminal: a waterfall for each event, from what was asked to the balance that is left.

Invariant: what fired comes first, what did not comes after it with one line each; long lists are folded
unless all is asked for, and then nothing is left out.
"""

import textwrap
from collections.abc import Sequence

import attrs

from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.report.style import Style, counted, printable
from loyalty_dsl.report.trace_views import EpisodeView, RewardView, RuleView, TraceView

MOST_SILENT = 6
"""So many rules that posted nothing at an event are told of one by one."""
_ISSUED = Taking.AFTER_EARNING.name.lower()


@attrs.frozen
class Shown:
    """What is shown of a trace.

    Attributes:
        everything: all lists in full, and each part of what was asked.
        name: only this rule or reward; `None` for all.
        day: only what happened on this day; `None` for all.
    """

    everything: bool = False
    name: str | None = None
    day: str | None = None


def render_trace(view: TraceView, style: Style, shown: Shown) -> str:
    """The trace as lines, without a last newline."""
    out = _Out(style, shown, ids=view.member is not None)
    events = sum(each.kind == "event" for each in view.episodes)
    out.line(0, f"{view.program.label} · {view.of} · {counted(events, 'event')}", "bold")
    if view.seed is not None:
        out.line(0, f"seed {view.seed}, of what is left to chance", "dim")
    midnights: list[EpisodeView] = []
    told = 0
    for episode in view.episodes:
        if shown.day is not None and episode.day != shown.day and episode.kind != "midnight":
            continue
        if episode.kind == "midnight":
            midnights.append(episode)
            continue
        out.midnights(midnights, heading=True)
        midnights = []
        if episode.kind == "given" and episode.empty:
            continue
        out.episode(episode)
        told += episode.kind == "event"
    out.midnights(midnights, heading=True)
    if shown.day is not None and not told:
        out.line(0, f"no event on {shown.day}", "dim")
    return "\n".join(out.lines)


class _Out:
    """Lines as they are made."""

    def __init__(self, style: Style, shown: Shown, *, ids: bool) -> None:
        self.style, self.shown, self.ids = style, shown, ids
        self.lines: list[str] = []

    def line(self, indent: int, text: str, role: str = "") -> None:
        """A paragraph, wrapped to the terminal under its own first word."""
        width = max(40, min(self.style.width, 110))
        first, rest = " " * indent, " " * (indent + 2)
        parts = textwrap.wrap(
            printable(text),
            width,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,  # a path stays whole, so that it can be followed
        )
        for part in parts or [""]:
            self.lines.append(self.style.paint(part, role) if role else part)

    def episode(self, episode: EpisodeView) -> None:
        """An event, or what was given."""
        self.lines.append("")
        number = f"  ({episode.id})" if self.ids and episode.id else ""
        self.line(0, f"{episode.day}  {episode.title}{number}".strip(), "accent")
        self.midnights(episode.before, heading=False)
        for words in episode.refused:
            self.line(2, f"refused: {words}", "error")
        for words in episode.gates if self.shown.everything or episode.refused else ():
            self.line(2, words, "dim")
        self.fired(2, episode)
        self.silent(2, episode)
        self.others(2, episode)
        self.midnights(episode.after, heading=False)
        if episode.balances and self.shown.name is None:
            moved = {posting.currency for posting in episode.postings}
            held = [words for name, units, words in episode.balances if units or name in moved]
            everything = [words for _, _, words in episode.balances]
            told = everything if self.shown.everything else held or everything[:1]
            self.line(2, "balance  " + ", ".join(told), "bold")

    def fired(self, indent: int, episode: EpisodeView) -> None:
        """The rewards that were used, and the rules that posted."""
        used = [each for each in episode.rewards if each.times and self._is_shown(each.name)]
        for reward in used:
            if reward.kind != _ISSUED:
                self._reward(indent, reward)
        for rule in episode.rules:
            if rule.posting is not None and self._is_shown(rule.name):
                self._rule(indent, rule)
        for reward in used:
            if reward.kind == _ISSUED:
                self._reward(indent, reward)

    def _is_shown(self, name: str) -> bool:
        return self.shown.name in (None, name)

    def _rule(self, indent: int, rule: RuleView) -> None:
        self.line(indent, f"+{rule.words}  {rule.name}  [{rule.at}]", "good")
        for step in rule.steps:
            self.line(indent + 4, step)
        if self.shown.everything or self.shown.name is not None:
            for part in rule.condition:
                self.line(indent + 4, part, "dim")
            for limit in rule.limits:
                if not limit.bound:
                    self.line(indent + 4, limit.words, "dim")

    def _reward(self, indent: int, reward: RewardView) -> None:
        self.line(indent, f"{reward.name} {reward.words}  [{reward.at}]", "good")
        for step in reward.steps:
            self.line(indent + 4, step)

    def silent(self, indent: int, episode: EpisodeView) -> None:
        """What was asked and did not happen, a line each."""
        everything = self.shown.everything or self.shown.name is not None
        rules = [rule for rule in episode.rules if rule.posting is None and self._is_shown(rule.name)]
        old = 0 if everything else sum(rule.other_version for rule in rules)
        rules = [rule for rule in rules if everything or not rule.other_version]
        said = [f"`{each.name}`: {each.words}" for each in episode.rewards]  # of one that was refused
        rewards = [
            each
            for each, words in zip(episode.rewards, said, strict=True)
            if not each.times and self._is_shown(each.name) and words not in episode.refused
        ]
        old += 0 if everything else sum(reward.other_version for reward in rewards)
        rewards = [each for each in rewards if everything or not each.other_version]
        rows = [(rule.name, rule.words, rule.condition, rule.at) for rule in rules]
        rows += [(reward.name, reward.words, (), reward.at) for reward in rewards]
        folded = 0 if everything or len(rows) <= MOST_SILENT + 1 else len(rows) - MOST_SILENT
        if rows:
            self.line(indent, "did not fire:", "dim")
        for name, words, condition, at in rows[: len(rows) - folded]:
            place = f"  [{at}]" if everything else ""
            self.line(indent + 2, f"{name}: {words}{place}")
            if everything and len(condition) > 1:
                for part in condition:
                    self.line(indent + 6, part, "dim")
        if self.shown.name is not None:
            return
        more = [f"{folded} more"] if folded else []
        more += [f"{old} of another version"] if old else []
        if everything:
            self._named(indent, "about other events", episode.about_others)
            self._named(indent, "not chosen by the member", episode.not_chosen)
        else:
            if episode.about_others:
                more.append(f"{counted(len(episode.about_others), 'rule')} about other events")
            if episode.not_chosen:
                more.append(f"{counted(len(episode.not_chosen), 'reward')} not chosen")
        if more:
            text = f"{', '.join(more)} (--all)"
            self.line(
                indent + 2 if rows else indent, f"and {text}" if rows else f"did not fire: {text}", "dim"
            )

    def _named(self, indent: int, what: str, names: Sequence[str]) -> None:
        if names:
            self.line(indent, f"{what}: {', '.join(names)}", "dim")

    def others(self, indent: int, episode: EpisodeView) -> None:
        """Levels, counters, lots."""
        if self.shown.name is not None:
            return
        for words in (*episode.effects, *(episode.quiet if self.shown.everything else ())):
            self.line(indent, words)

    def midnights(self, episodes: Sequence[EpisodeView], *, heading: bool) -> None:
        """What midnights and clocks did; those that did nothing are not told of, and those that did the same
        one after the other are told of once."""
        known = [
            each
            for each in episodes
            if not each.empty
            and (not heading or self.shown.day in (None, each.day))
            and _tells(each, self.shown.name)
        ]
        if heading and known:
            self.lines.append("")
            self.line(0, "then, without an event", "accent")
        told = [(each, self._told(each)) for each in known]
        while told:
            episode, lines = told.pop(0)
            self.lines += lines
            alike = 0
            while not self.shown.everything and alike < len(told) and _alike(told[alike], (episode, lines)):
                alike += 1
            if alike > 1:
                last, _ = told[alike - 1]
                self.line(6, f"and so {alike} more times through {last.day} (--all)", "dim")
                del told[:alike]

    def _told(self, episode: EpisodeView) -> list[str]:
        """The lines of a midnight."""
        kept, self.lines = self.lines, []
        self._midnight(episode)
        lines, self.lines = self.lines, kept
        return lines

    def _midnight(self, episode: EpisodeView) -> None:
        inner = [each for each in (*episode.before, *episode.after) if each.kind == "clock"]
        own = (*episode.effects, *(episode.quiet if self.shown.everything else ()))
        used = any(each.times for each in episode.rewards)
        if own or used or (not inner and episode.kind == "clock"):
            lines = list(own) if self.shown.name is None else []
            single = len(lines) == 1 and not used
            whose = f"{episode.member}: " if episode.member else ""
            self.line(2, f"{episode.day}  {whose}{lines[0] if single else episode.title}")
            for words in [] if single else lines:
                self.line(6, words)
            self.fired(6, episode)
        for clock in inner:
            self.line(2, f"{clock.day}  {clock.title}")
            self.fired(6, clock)
            if self.shown.everything or self.shown.name is not None:
                self.silent(6, clock)
            self.others(6, clock)
            for each in (*clock.before, *clock.after):
                self._midnight(each)
        for each in (*episode.before, *episode.after):
            if each not in inner and not each.empty:
                self._midnight(each)


def _alike(one: tuple[EpisodeView, list[str]], other: tuple[EpisodeView, list[str]]) -> bool:
    """Whether two midnights did the same, but for their days."""
    (first, lines), (second, others) = one, other
    return [line.replace(first.day, "") for line in lines] == [
        line.replace(second.day, "") for line in others
    ]


def _tells(episode: EpisodeView, name: str | None) -> bool:
    """Whether something of an episode is about a rule or reward."""
    if name is None:
        return True
    names = {rule.name for rule in episode.rules} | {reward.name for reward in episode.rewards}
    return name in names or any(_tells(each, name) for each in (*episode.before, *episode.after))
