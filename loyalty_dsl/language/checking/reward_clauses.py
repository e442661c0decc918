"""Which clauses rewards, benefits and options of menus do not have, and what to write instead.

Invariant: a clause of another block is reported here and read by nobody.
"""

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.menus import DEFAULT, OPTION
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.transfers import OF_TRANSFERS

_ON = "a reward is taken at a purchase; say for which ones with `when`"
_EARN = "it belongs to earn rules; delete this line"
_CURRENCY = "what is given expires as its currency says: move it there"
_FREE = "a benefit is free and comes at its events; make it a `reward`, or delete this line"

_EARN_CLAUSES: dict[type, tuple[str, str]] = {
    syntax.RaiseClause: ("raise", _EARN),
    syntax.InGroupClause: ("in", _EARN),
    syntax.ChanceClause: ("chance", _EARN),
    syntax.AccountClause: ("account", _EARN),
    syntax.PendingClause: ("pending", _CURRENCY),
    syntax.ExpireClause: ("expire", _CURRENCY),
    syntax.expiry.ExpireTable: ("expire", _CURRENCY),
    syntax.rules.StageClause: ("stage", "stages are what a friend does; delete this line"),
    syntax.GiveTo: ("give ... to", "only a `referral` gives to somebody else; delete `to ...`"),
}
_OPTION: dict[type, tuple[str, str]] = {
    syntax.GiveTo: ("give ... to", "only a `referral` gives to somebody else; delete `to ...`"),
}
_NOT_OF: dict[str, dict[type, tuple[str, str]]] = {
    OPTION: _OPTION,
    DEFAULT: _OPTION,
    "reward": _EARN_CLAUSES
    | OF_TRANSFERS
    | {
        syntax.OnAnniversary: ("on", _ON),
        syntax.OnStart: ("on", _ON),
        syntax.rules.OnEnd: ("on end of", _ON),
        syntax.rules.OnSilence: ("on ... after last", _ON),
        syntax.rules.OnReaches: ("on ... reaches", _ON),
        syntax.rules.OnFalls: ("on ... falls below", _ON),
        syntax.rules.OnRises: ("on ... reaches", _ON),
        syntax.rules.OnAfterJoin: ("on ... after join", _ON),
    },
    "benefit": _EARN_CLAUSES
    | OF_TRANSFERS
    | {
        syntax.PriceClause: ("price", _FREE),
        syntax.PricePerOff: ("price", _FREE),
        syntax.PriceAll: ("price", _FREE),
        syntax.PriceTable: ("price", _FREE),
        syntax.rules.PriceWhen: ("price", _FREE),
        syntax.StepsClause: ("steps", _FREE),
        syntax.IssueClause: ("issue", _FREE),
    },
}


def verify_clauses(scope: ProgramScope, block: syntax.RuleBlock) -> None:
    """Reports the clauses of a reward or benefit that belong to other blocks."""
    word = block.word.text
    for clause in block.clauses:
        if type(clause) in _NOT_OF[word]:
            name, instead = _NOT_OF[word][type(clause)]
            owner = "rewards" if instead is _FREE else "earn rules"
            owner = "referrals" if isinstance(clause, syntax.GiveTo | syntax.rules.StageClause) else owner
            owner = "transfers" if type(clause) in OF_TRANSFERS else owner
            scope.findings.report(
                "L206", clause.span, f"`{name}` is a clause of {owner}, not of {word}s",
                secondary=[(block.span, f"this is a {word}")], help=instead,
            )  # fmt: skip
