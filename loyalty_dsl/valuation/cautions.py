"""What a reader has to know before quoting an estimate.

Invariant: a caution is computed from the estimates; none is printed that does not apply to them.
"""

import attrs

from loyalty_dsl.valuation.chain_ladder import FEWEST_FACTORS
from loyalty_dsl.valuation.estimates import Estimates
from loyalty_dsl.valuation.methods import BETA_GEOMETRIC, BORNHUETTER
from loyalty_dsl.valuation.sanity import outside
from loyalty_dsl.valuation.triangles import met_their_end

LONG_TAIL = 0.02
"""A share of the future beyond the oldest age that is worth saying."""
APART = 0.1
"""Methods this far apart, as a share of the quoted one, are worth saying."""
GOING_ON = 1.001
"""A last factor above this is one that has not come to rest."""


@attrs.frozen
class Caution:
    """A stable `id` and a sentence."""

    id: str
    message: str


def cautions_of(found: Estimates, kind: str | None = None) -> tuple[Caution, ...]:
    """Every caution that applies, the gravest first.

    Args:
        kind: the kind of program, as of `sanity.BANDS`.
    """
    cautions = [*_of_balance(found), *_of_tail(found), *_of_methods(found)]
    if too_young(found) or found.headline.urr is None:
        return tuple(cautions)
    if warning := outside(found.headline.urr, kind):
        cautions.append(Caution("public-band", warning[:1].upper() + warning[1:] + "."))
    return tuple(cautions)


def too_young(found: Estimates) -> bool:
    """Whether the oldest points have been seen to so early an age that nothing tells what is redeemed later,
    and nobody has named a tail."""
    if found.tail > 1.0 or len(found.ladder.factors) >= FEWEST_FACTORS:
        return False
    return not met_their_end(found.triangle, found.issued)


GOING_CONCERN = "Going concern: members are taken to go on earning and redeeming as they did."
"""What quoted figures assume of members after the valuation."""


def run_off_text() -> str:
    """Why a triangle gives one figure on both bases."""
    return (
        f"{GOING_CONCERN} Run-off, if earning stopped: balances short of a reward would never reach it, and "
        "less would be redeemed. A triangle has no balances, so it gives the same figure: the most that a "
        "run-off can be where the oldest points are used first, and what it is where any balance can be "
        "used. A ledger (loyalty liability) or a simulation tells them apart."
    )


def shortcut_text(found: Estimates) -> str:
    """The shortcut with its warning; empty where it is not known."""
    if found.shortcut is None:
        return ""
    text = f"Redeemed over issued, last 12 months: {found.shortcut:.1%}. This is no redemption rate: "
    if found.headline.urr is None:
        return text + "it is off whenever issue grows or falls."
    gap = abs(found.shortcut - found.headline.urr) * 100
    side = "below" if found.shortcut < found.headline.urr else "above"
    return text + (
        f"it sets this year's redemptions of older points against this year's issue, and is {gap:.1f} points "
        f"{side} the quoted URR here."
    )


def _of_balance(found: Estimates) -> list[Caution]:
    held = found.total_outstanding
    if held is None:
        return []
    cautions = []
    if found.issued is not None and held > (1 + 1e-9) * (sum(found.issued) - sum(found.triangle.latest)):
        cautions.append(
            Caution(
                "balance-too-large",
                f"{held:,.0f} units are said to be outstanding, more than were issued and not redeemed in "
                "these months: older issue is missing from the triangle, so phi is too low.",
            )
        )
    if found.headline.total_future > held:
        cautions.append(
            Caution(
                "phi-above-one",
                "More is expected to be redeemed than is outstanding: the triangle and the balance do not "
                "belong together, or the method cannot see that points expire.",
            )
        )
    return cautions


def _of_tail(found: Estimates) -> list[Caution]:
    share, oldest = found.tail_share, found.triangle.ages - 1
    if found.tail > 1.0:
        return [
            Caution(
                "tail",
                f"{share or 0:.1%} of what the chain ladder expects lies beyond age {oldest}, where nothing "
                f"has been observed: it rests on the tail factor of {found.tail:.4f}.",
            )
        ]
    if share is not None and share >= LONG_TAIL:
        return [
            Caution(
                "tail-left-out",
                f"Redemptions do not end at age {oldest}, the oldest observed. If they go on dying away as "
                f"they did, {share:.1%} of what is to come lies beyond it and is not in these figures; "
                "--tail fitted counts it.",
            )
        ]
    factors = found.ladder.factors
    if too_young(found):
        return [
            Caution(
                "young",
                f"The oldest points have been seen to age {oldest} alone, which is too early to tell what is "
                "redeemed later, so all that is outstanding is quoted, the most that can be owed. The "
                "methods take what comes later to be nothing; --tail says what you expect.",
            )
        ]
    if found.tail_fitted is None and factors and (factors[-1] or 1.0) > GOING_ON:
        return [
            Caution(
                "tail-unknown",
                f"Points are still redeemed at age {oldest}, the oldest observed, and no curve fits: what is "
                "redeemed later is not in these figures.",
            )
        ]
    return []


def _of_methods(found: Estimates) -> list[Caution]:
    quoted = found.headline.total_future
    others = [one for one in found.methods if one.id not in (BORNHUETTER, BETA_GEOMETRIC)]
    spread = max(one.total_future for one in others) - min(one.total_future for one in others)
    if too_young(found) or len(others) < 2 or quoted <= 0 or spread < APART * quoted:
        return []
    return [
        Caution(
            "methods-apart",
            f"The methods differ by {spread / quoted:.0%} of the quoted figure: the choice of method matters "
            "more than any interval here.",
        )
    ]
