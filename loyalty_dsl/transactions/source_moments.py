"""When the events of a source are: texts in any pattern as the local times that the reader has.

Invariant: a text that is no moment, or no day of the calendar, gives null. A time with an offset is moved to
the program's time zone; one without is in the zone that the source says, or in the program's.
"""

import polars as pl

from loyalty_dsl.language.moment_patterns import PARTS, pattern_of
from loyalty_dsl.language.sources import Moments
from loyalty_dsl.transactions.values import parse_times

NO_MOMENT = "is not a time such as 2026-01-31 18:55 or a date"
_ISO = r"^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|UTC|[+-]\d\d:?\d\d)?$"
_USUAL = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-](?:0\d|1[0-3])[0-5]\d$"


def moments_of(texts: pl.Series, moments: Moments, zone: str) -> pl.DataFrame:
    """The moments of texts whose columns are joined by a space.

    Args:
        texts: null where a cell is blank.
        zone: the program's.

    Returns:
        `micros`, local microseconds since 1970, and `has_time`, whether the text says more than a day.
    """
    if moments.pattern is None:  # most exports have one shape throughout, which is read at once
        usual = _usual_moments(texts, zone)
        rest = texts.filter(usual.is_null() & texts.is_not_null())
        if len(rest) < len(texts) // 2:
            different = rest.unique(maintain_order=True)
            slow = _moments(different, moments, zone).with_columns(different.alias("text"))
            told = texts.to_frame("text").join(slow, on="text", how="left", maintain_order="left")
            timed = pl.Series(usual.is_not_null()) | told["has_time"].fill_null(False)
            return pl.DataFrame({"micros": usual.fill_null(told["micros"]), "has_time": timed})
    return _moments(texts, moments, zone)


def _usual_moments(texts: pl.Series, zone: str) -> pl.Series:
    """The local moments of texts such as `2026-03-01 10:15:30 -0500`; null of any other."""
    utc = texts.str.to_datetime("%Y-%m-%d %H:%M:%S %z", strict=False, time_unit="us", time_zone="UTC")
    here = utc.dt.convert_time_zone(zone).dt.replace_time_zone(None).to_physical()
    return here.set(~texts.str.contains(_USUAL).fill_null(False), None)


def _moments(texts: pl.Series, moments: Moments, zone: str) -> pl.DataFrame:
    written = texts.to_frame("text").lazy()
    if moments.pattern is None:
        parts = pl.col("text").str.extract_groups(_ISO)
        day, clock, offset = (parts.struct.field(str(i)) for i in (1, 2, 3))
        spelled = (
            pl.when(clock.is_null())
            .then(pl.col("text"))
            .otherwise(pl.concat_str([day, pl.lit(" "), clock, offset.str.replace("UTC", "Z").fill_null("")]))
        )
        frame = written.select(spelled.alias("text"), offset.is_not_null().alias("offset")).collect()
    else:
        frame = written.select(*_by_pattern(moments.pattern)).collect()
    micros = parse_times(frame["text"], zone)
    if moments.zone is not None and moments.zone != zone:
        there = micros.cast(pl.Datetime("us")).dt.replace_time_zone(
            moments.zone, ambiguous="earliest", non_existent="null"
        )
        here = there.dt.convert_time_zone(zone).dt.replace_time_zone(None).to_physical()
        has_clock = frame["text"].str.contains(":").fill_null(False)
        moved = has_clock & ~frame["offset"].fill_null(False)
        micros = pl.select(pl.when(moved).then(here).otherwise(micros)).to_series()
    return pl.DataFrame({"micros": micros, "has_time": frame["text"].str.contains(":").fill_null(False)})


def _by_pattern(pattern: str) -> tuple[pl.Expr, pl.Expr]:
    """A text in a pattern as the reader writes it, and whether it has an offset."""
    expression = pattern_of(pattern).replace("(?<", "(?P<")
    names = [name for name in PARTS if f"(?P<{name}>" in expression]
    found = pl.col("text").str.extract_groups(expression)
    part = {name: found.struct.field(name) for name in names}
    year = part["year"]
    year = pl.when(year.str.len_bytes() == 2).then(pl.lit("20") + year).otherwise(year)
    day = pl.concat_str([year, *(part[name].str.zfill(2) for name in ("month", "day"))], separator="-")
    offset = part["offset"].str.replace("UTC", "Z").fill_null("") if "offset" in part else pl.lit("")
    if "hour" not in part:
        return day.alias("text"), pl.lit(False).alias("offset")
    hour = part["hour"].cast(pl.Int64, strict=False)
    if "am" in part:
        after_noon = part["am"].str.to_lowercase().str.starts_with("p")
        hour = pl.when(hour.is_between(1, 12)).then(hour % 12 + pl.when(after_noon).then(12).otherwise(0))
    clock = [hour.cast(pl.String).str.zfill(2)]
    clock += [part[name] if name in part else pl.lit("00") for name in ("minute", "second")]
    text = pl.concat_str([day, pl.lit(" "), pl.concat_str(clock, separator=":"), offset])
    return text.alias("text"), (offset != "").alias("offset")
