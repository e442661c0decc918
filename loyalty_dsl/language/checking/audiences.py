"""Audience blocks (AUDIENCE).

Invariant: what an audience asks, it asks of the member alone, and no audience asks for another.
"""

from fractions import Fraction

from loyalty_dsl.language import syntax
from loyalty_dsl.language.audiences import Audience
from loyalty_dsl.language.checking.clauses import at_most_one
from loyalty_dsl.language.checking.currencies import label_of
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.rule_clauses import check_whens
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.renumbering import Renumbering
from loyalty_dsl.language.syntax.audiences import AudienceBlock, HoldoutClause

_WHY = "an audience is of members, whatever the event; write this behind the `when` of the rule"
_OF_MEMBERS = Readable(
    event=None,
    no_event=_WHY,
    no_amount=_WHY,
    no_audience="write out the other one's conditions; each audience has a holdout of its own",
)


def check_audiences(scope: ProgramScope, block: syntax.ProgramBlock) -> tuple[Audience, ...]:
    """The audiences of a program; what is wrong is reported. Counters, ladders and fields are known."""
    checked = []
    for written in block.clauses:
        if isinstance(written, AudienceBlock):
            audience = _check(scope, written)
            if scope.audiences.declare(written.name, (audience,)) and audience is not None:
                checked.append(audience)
    return tuple(checked)


def verify_named(scope: ProgramScope, audiences: tuple[Audience, ...]) -> None:
    """Warns of audiences that no condition names."""
    for audience in audiences:
        if audience.name not in scope.named:
            scope.findings.report(
                "L619", audience.span, f"nothing is for `{audience.name}`, so it changes nothing",
                help=f"write `when member of {audience.name}` in a rule or a reward, or delete the audience",
            )  # fmt: skip


def _check(scope: ProgramScope, block: AudienceBlock) -> Audience | None:
    findings = scope.findings
    whens = [clause for clause in block.clauses if isinstance(clause, syntax.When)]
    if not whens:
        if not scope.losses.may_hold(block.span, "when"):
            findings.report(
                "L381", block.span, f"`{block.name.text}` does not say who is in it",
                help="add a line such as `when days since join >= 365`",
            )  # fmt: skip
        return None
    when = check_whens(scope, block.clauses, _OF_MEMBERS)
    holdout = at_most_one(findings, block.clauses, HoldoutClause, "holdout")
    share = Fraction(0) if holdout is None else _share(scope, holdout)
    if when is None or share is None:
        return None
    return Audience(block.name.text, label_of(block.name, block.label), when, share, block.span)


def _share(scope: ProgramScope, clause: HoldoutClause) -> Fraction | None:
    share = clause.share.value
    if 0 < share < 1:
        return share
    scope.findings.report(
        "L381", clause.share.span,
        "nobody is held out" if share == 0 else "everybody is held out, so nobody is in the audience",
        help="delete the line" if share == 0 else "write less than 100%, such as `holdout 10%`",
    )  # fmt: skip
    return None


def join_audiences(
    old: Program, new: Program, of_old: Renumbering, of_new: Renumbering, findings: Findings
) -> tuple[Audience, ...]:
    """The audiences of two versions, those of the new one first; one of both keeps its holdout."""
    after = {each.name: each for each in new.audiences}
    joined = [of_new.of(each) for each in new.audiences]
    for was in old.audiences:
        now = after.get(was.name)
        if now is None:
            joined.append(of_old.of(was))
        elif now.holdout != was.holdout:
            findings.report(
                "L381", now.span, f"the holdout of `{now.name}` was {_percent(was)}, and changes here",
                secondary=[(was.span, "the replaced version")],
                help="keep it: who is held out is held out for good. Or give the audience another name",
            )  # fmt: skip
    return tuple(joined)


def _percent(audience: Audience) -> str:
    return f"{float(audience.holdout * 100):g}%" if audience.holdout else "nobody"
