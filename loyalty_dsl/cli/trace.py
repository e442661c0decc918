"""`loyalty trace`: what a program did at each event, and why."""

from datetime import date

import click

from loyalty_dsl.choosing import choose_program
from loyalty_dsl.cli.exits import FINE, UNUSABLE
from loyalty_dsl.cli.interrupts import run_interruptibly
from loyalty_dsl.cli.options import (
    day,
    format_option,
    key_file_option,
    mapping_option,
    program_option,
    seed_option,
    set_option,
    source_option,
)
from loyalty_dsl.cli.panics import without_panic_output
from loyalty_dsl.cli.rules import load_rules
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.refusals import InputRefused

_QUOTES = "in double quotes a shell takes `$1` away; write --event 'purchase $120.00'"


@click.command()
@click.argument("program_file", metavar="PROGRAM")
@click.argument("transactions", metavar="[TRANSACTIONS]", required=False)
@click.option(
    "--event", "events", multiple=True, metavar="EVENT", help="An event as in a scenario; repeat it."
)
@click.option(
    "--given", multiple=True, metavar="GIVEN", help="What is so before it: `status gold`; repeat it."
)
@click.option(
    "--on",
    "on",
    type=day,
    metavar="DATE",
    help="The day of the first --event; one with a time says it itself: 'on 2027-03-01 08:30 purchase $5'.",
)
@click.option("--scenario", metavar="TITLE", help="Trace a scenario: its title, or how that begins.")
@click.option("--member", metavar="ID", help="Whose events of TRANSACTIONS, where there are several.")
@mapping_option
@source_option
@key_file_option
@click.option("--day", "only_day", type=day, metavar="DATE", help="Only what happened on this day.")
@click.option("--rule", metavar="NAME", help="Only this rule or reward, with each part of what it asks.")
@click.option("--all", "everything", is_flag=True, help="Nothing folded, and each part of what was asked.")
@program_option
@set_option
@seed_option
@format_option("text", "json")
def command(
    *,
    program_file: str,
    transactions: str | None,
    events: tuple[str, ...],
    given: tuple[str, ...],
    on: date | None,
    scenario: str | None,
    member: str | None,
    mapping: str | None,
    source_name: str | None,
    key_file: str | None,
    only_day: date | None,
    rule: str | None,
    everything: bool,
    program_name: str | None,
    settings: tuple[str, ...],
    seed: int,
    format_: str,
) -> int:
    """Show what a program does at each event, and why.

    What fired and how its amount came about, what did not fire and what it found, which limit cut, what each
    posting made or took, and what levels and counters became. Events are those of TRANSACTIONS (a file as
    `loyalty replay` reads it, or a folder that its --state keeps), typed with --event, or of a --scenario.
    """
    if sum((transactions is not None, bool(events), scenario is not None)) != 1:
        raise InputRefused(
            "say what to trace: a file of TRANSACTIONS, an --event, or a --scenario, and one of them",
            "`loyalty trace PROGRAM --event 'purchase $120.00'`, for one",
        )
    if (given or on) and not events:
        raise InputRefused(
            f"`{'--given' if given else '--on'}` is of events that are typed", "type them with --event"
        )
    if program_name is not None and scenario is not None:
        raise InputRefused("`--program` is of events: a scenario says itself which program it is for")
    of_files = {"--member": member, "--map": mapping, "--source": source_name, "--key-file": key_file}
    given_of_files = [option for option, value in of_files.items() if value is not None]
    if given_of_files and transactions is None:
        raise InputRefused(f"`{given_of_files[0]}` is of a file of transactions")
    book = load_rules(program_file, format_, settings)
    from loyalty_dsl.report.trace_text import Shown
    from loyalty_dsl.report.tracing import find_scenario, trace_file, trace_scenario

    if scenario is not None:
        found = find_scenario(book, scenario)
        program = choose_program(book, found.program)
        view = trace_scenario(program, found)
    elif events:
        from loyalty_dsl.calendar import day_of
        from loyalty_dsl.quantities import symbol_of
        from loyalty_dsl.report.trace_typed import read_typed

        program = choose_program(book, program_name)
        typed = read_typed(book, program, events, given, None if on is None else day_of(on))
        if typed.scenario is None:
            from loyalty_dsl.report.diagnostics import render_diagnostics
            from loyalty_dsl.report.style import Style

            click.echo(render_diagnostics(typed.mistakes, Style.of_stdout()), err=True)
            if symbol_of(program.money) == "$" and not any("$" in text for text in events):
                click.echo(f"help: {_QUOTES}", err=True)
            return UNUSABLE
        for words in typed.assumed:
            click.echo(f"note: {words}, as --event does not say", err=True)
        view = trace_scenario(program, typed.scenario, of="typed events")
    else:
        program = choose_program(book, program_name)
        with without_panic_output():
            view = run_interruptibly(
                lambda: trace_file(
                    book,
                    program,
                    transactions or "",
                    member,
                    mapping=mapping,
                    source=source_name,
                    key_file=key_file,
                    seed=seed,
                )
            )
    _verify_rule(program, rule)
    shown_day = None if only_day is None else only_day.isoformat()
    if format_ == "json":
        from loyalty_dsl.report.trace_json import trace_json

        click.echo(trace_json(view, name=rule, day=shown_day), nl=False)
    else:
        from loyalty_dsl.report.style import Style
        from loyalty_dsl.report.trace_text import render_trace

        shown = Shown(everything=everything, name=rule, day=shown_day)
        click.echo(render_trace(view, Style.of_stdout(), shown))
    return FINE


def _verify_rule(program: Program, rule: str | None) -> None:
    names = [*(each.name for each in program.earns), *(each.name for each in program.rewards)]
    if rule is not None and rule not in names:
        near = nearest(rule, names)
        raise InputRefused(
            f"`{program.name}` has no rule or reward `{rule}`", f"did you mean `{near}`?" if near else None
        )
