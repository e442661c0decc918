"""A declarative language for customer loyalty programs, and a simulator that forecasts what they cost.

    import loyalty_dsl as loyalty

    book = loyalty.load("programs/grocery_points.loyalty")
    forecast = loyalty.simulate(book, sample=100_000, months=36, seed=7)
    result = loyalty.replay(book, "transactions.parquet")

Invariant: importing this package costs next to nothing; each name below is imported when it is used.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "InputRefused",
    "ProgramRefused",
    "__version__",
    "check_files",
    "compare",
    "live",
    "load",
    "reconcile",
    "register_strategy",
    "replay",
    "schema",
    "simulate",
    "solve",
    "statement",
    "study",
    "sweep",
    "trace",
    "with_settings",
]

_ELSEWHERE = {
    "schema": "loyalty_dsl.report.schema_files",
    "reconcile": "loyalty_dsl.report.reconciling",
    "live": "loyalty_dsl.report.replaying",
    "register_strategy": "loyalty_dsl.language.strategies",
    "statement": "loyalty_dsl.report.stating",
    "solve": "loyalty_dsl.decisions.calls",
    "study": "loyalty_dsl.decisions.calls",
    "sweep": "loyalty_dsl.decisions.calls",
    "trace": "loyalty_dsl.report.tracing",
    "with_settings": "loyalty_dsl.decisions.settings",
}
"""What comes from another module than the pipeline."""

_SHOWN = (
    "compare", "load", "reconcile", "replay", "simulate", "solve", "statement", "study", "sweep",
)  # fmt: skip
"""What gives results that a notebook shows, and that have a table."""

if TYPE_CHECKING:
    from loyalty_dsl.decisions.calls import solve, study, sweep
    from loyalty_dsl.decisions.settings import with_settings
    from loyalty_dsl.language.strategies import register_strategy
    from loyalty_dsl.pipeline import check_files, compare, load, replay, simulate
    from loyalty_dsl.refusals import InputRefused, ProgramRefused
    from loyalty_dsl.report.reconciling import reconcile
    from loyalty_dsl.report.replaying import live
    from loyalty_dsl.report.schema_files import schema
    from loyalty_dsl.report.stating import statement
    from loyalty_dsl.report.tracing import trace


def __getattr__(name: str) -> Any:
    if name in __all__:
        from importlib import import_module

        if name in _SHOWN:
            import_module("loyalty_dsl.report.notebook").register()
        return getattr(import_module(_ELSEWHERE.get(name, "loyalty_dsl.pipeline")), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
