"""`loyalty estimate`: what is still to be redeemed, from a monthly triangle and no program."""

import re
import shlex
from fractions import Fraction
from pathlib import Path

import click

from loyalty_dsl.cli.options import format_option, whole_number
from loyalty_dsl.cli.tails import Tail, tail_option
from loyalty_dsl.quantities import MINOR_DIGITS, SYMBOLS, prefix_of
from loyalty_dsl.refusals import InputRefused

_AMOUNT = re.compile(
    r"(?P<sign>[^\d\s.]?)(?P<number>(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,9})(?:\.\d{1,12})?|\.\d{1,12})(?P<size>[KMBkmb]?)"
)
_SIZES = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9}
_SHELL = re.compile(r"\S*(?:sh|python\S*)\.\d+")
KINDS = ("card", "hotel", "grocery", "retail")

Cost = tuple[Fraction, str | None]


def cost_of(value: object) -> Cost:
    """An option's type: money for one point, in major units, and the money that its sign names."""
    text = str(value).strip()
    if _SHELL.fullmatch(text):
        raise click.BadParameter(f"the shell made `{text}` of it; write it in single quotes: '$0.008'")
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise click.BadParameter(f"`{text}` is not an amount such as '$0.008' or 0.008")
    sign = found["sign"]
    if sign == "-":
        raise click.BadParameter(f"`{text}` is below 0, and a redeemed point costs at least nothing")
    money = next((code for code, symbol in SYMBOLS.items() if symbol == sign), None)
    if sign and money is None:
        raise click.BadParameter(f"`{sign}` is no sign of a money; write 0.008 and name it with --money")
    return Fraction(found["number"].replace(",", "")) * _SIZES[found["size"].upper()], money


def _share(value: object) -> Fraction:
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{1,9})?)\s*%", str(value).strip())
    if found is None or Fraction(found[1]) > 100:
        raise click.BadParameter(f"`{value}` is not a share such as 80%")
    return Fraction(found[1]) / 100


@click.command()
@click.argument("triangle_file", metavar="TRIANGLE.csv")
@click.option("--issued", metavar="FILE.csv", help="Points issued in each month of the triangle.")
@click.option(
    "--outstanding", type=whole_number(0, 10**18), metavar="N", help="Points outstanding at the valuation."
)
@click.option(
    "--cost-per-point", "cost", type=cost_of, metavar="AMOUNT", help="What a redeemed point costs: '$0.008'."
)
@click.option("--money", metavar="CODE", help="The money of the cost, where its sign does not say: USD.")
@tail_option
@click.option("--prior", type=_share, metavar="80%", help="The rate that Bornhuetter-Ferguson expects.")
@click.option("--like", "kind", type=click.Choice(KINDS), help="The kind of program, to compare with others.")
@click.option("--incremental", is_flag=True, help="Figures of a wide file are of one age, not up to it.")
@click.option("--report", metavar="OUT.html", help="Write the estimates as one page with charts.")
@format_option("text", "json")
def command(
    *,
    triangle_file: str,
    issued: str | None,
    outstanding: int | None,
    cost: Cost | None,
    money: str | None,
    tail: Tail,
    prior: Fraction | None,
    kind: str | None,
    incremental: bool,
    report: str | None,
    format_: str,
) -> None:
    """Estimate what is still to be redeemed of points issued, and what that costs.

    TRIANGLE.csv has a row for each month of issue and a column for each age in months (0, 1, 2 ...), with the
    points redeemed up to it and blanks in the future; or the columns issued_month, age, redeemed. No program
    is needed.
    """
    from loyalty_dsl.reading import hash_of_file
    from loyalty_dsl.report.style import Style
    from loyalty_dsl.report.valuation_figures import EstimateFigures
    from loyalty_dsl.targets import verify_file_target
    from loyalty_dsl.valuation.estimates import estimates
    from loyalty_dsl.valuation.triangle_files import read_issued, read_triangle

    code = _money_of(cost, money)
    files = [Path(triangle_file), *([Path(issued)] if issued is not None else [])]
    if report is not None:
        verify_file_target(Path(report), files)
    triangle = read_triangle(files[0], incremental=incremental)
    units = None if issued is None else read_issued(files[1], triangle)
    try:
        found = estimates(triangle, units, outstanding, tail=tail, prior=prior)
    except ValueError as problem:
        raise InputRefused(f"`{triangle_file}` gives no estimate: {problem}") from None
    figures = EstimateFigures(
        estimates=found,
        name=triangle_file,
        money=code,
        cost=None if cost is None else cost[0] * 10 ** MINOR_DIGITS[code],
        kind=kind,
        inputs=tuple((str(file), hash_of_file(file)) for file in files),
        command=_again(
            triangle_file,
            issued=issued,
            outstanding=outstanding,
            cost=cost,
            money=code,
            tail=tail,
            prior=prior,
            kind=kind,
            incremental=incremental,
        ),
    )
    if format_ == "json":
        from loyalty_dsl.report.valuation_json import estimate_json

        click.echo(estimate_json(figures), nl=False)
    else:
        from loyalty_dsl.report.valuation_terminal import render_estimates

        click.echo(render_estimates(figures, Style.of_stdout()))
    if report is not None:
        from loyalty_dsl.report.files import WriteFailure, write_whole
        from loyalty_dsl.report.valuation_page import estimate_page

        written = write_whole(Path(report), estimate_page(figures).encode())
        if isinstance(written, WriteFailure):
            raise InputRefused(written.message)
        click.echo(f"the report is {report}", err=True)


def _money_of(cost: Cost | None, money: str | None) -> str:
    if money is not None and money not in MINOR_DIGITS:
        raise InputRefused(f"`{money}` is no money that is known here", "write a code such as USD or EUR")
    signed = None if cost is None else cost[1]
    if signed is None:
        return money or "USD"
    if money is not None and prefix_of(money) != prefix_of(signed):
        raise InputRefused(f"the cost is in {prefix_of(signed)}, but --money says {money}")
    return money or signed


def _again(
    triangle: str,
    *,
    issued: str | None,
    outstanding: int | None,
    cost: Cost | None,
    money: str,
    tail: Tail,
    prior: Fraction | None,
    kind: str | None,
    incremental: bool,
) -> str:
    words = ["loyalty", "estimate", triangle]
    options = {
        "--issued": issued,
        "--outstanding": outstanding,
        "--cost-per-point": None if cost is None else f"{float(cost[0]):.12f}".rstrip("0").rstrip("."),
        "--money": money if cost is not None and money != "USD" else None,
        "--tail": tail,
        "--prior": None if prior is None else f"{float(prior * 100):g}%",
        "--like": kind,
    }
    for option, value in options.items():
        words += [] if value is None else [option, str(value)]
    return shlex.join([*words, "--incremental"] if incremental else words)
