"""Parts of exact amounts in the kernel, of which a product may not fit 64 bits (RETURN-4, NUM-5)."""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.plan import (
    DOWN,
    UP,
)


@part
def divide_product(a: int, b: int, c: int) -> tuple[int, int]:
    """Quotient and remainder of a * b / c, where 0 <= b <= c < 2**62: the product may not fit 64 bits."""
    quotient = 0
    rest = 0
    for bit in range(62, -1, -1):
        quotient *= 2
        rest *= 2
        if rest >= c:
            rest -= c
            quotient += 1
        if (a >> bit) & 1 == 1:
            rest += b
            if rest >= c:
                rest -= c
                quotient += 1
    return quotient, rest


@part
def rounded_part(units: int, parts: int, denominator: int, left: int, base: int, rounding: int) -> int:
    """Rounds (units + parts / denominator) * left / base, where parts < denominator and left <= base."""
    whole, over = divide_product(units, left, base)
    first, first_rest = divide_product(denominator, over, base)
    second, second_rest = divide_product(parts, left, base)
    numerator = first + second  # over the denominator, with a rest over base
    rest = first_rest + second_rest
    if rest >= base:
        rest -= base
        numerator += 1
    if numerator >= denominator:
        numerator -= denominator
        whole += 1
    if rounding == DOWN or (numerator == 0 and rest == 0):
        return whole
    if rounding == UP:
        return whole + 1
    short = denominator - numerator  # at least half: numerator + rest / base >= short - rest / base
    if numerator >= short or (numerator == short - 1 and rest >= base - rest):
        return whole + 1
    return whole
