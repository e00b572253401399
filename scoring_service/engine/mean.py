"""Exact means of whole points. Rounding is for print only, and a printed number is never added."""

from __future__ import annotations

from fractions import Fraction

from scoring_service.records import record


@record()
class Mean:
    """An exact council mean: ``sum`` whole points over ``sheets`` sheets, out of ``max``; ``decimals`` for print."""

    sum: int
    sheets: int
    max: int
    decimals: int = 2

    @property
    def exact(self) -> Fraction:
        """The exact mean."""
        return Fraction(self.sum, self.sheets)

    @property
    def text(self) -> str:
        """The mean for print, half up, with all its decimals."""
        return _printed(self.sum, self.sheets, self.decimals)


@record()
class Rounded:
    """Any other exact number, and the decimals it is printed with."""

    exact: Fraction
    decimals: int = 2

    @property
    def text(self) -> str:
        """The number for print, half up, with all its decimals."""
        return half_up(self.exact, self.decimals)


def misleads(sum_: int, sheets: int, text: str) -> bool:
    """Whether a mean is printed as the whole number it is not; it may lie under the threshold that it seems to reach."""
    return sum_ % sheets != 0 and not text.partition(".")[2].strip("0")


def half_up(value: Fraction, decimals: int = 2) -> str:
    """A fraction rounded half up, for print only."""
    return _printed(value.numerator, value.denominator, decimals)


def _printed(numerator: int, denominator: int, decimals: int) -> str:
    whole = (abs(numerator) * 10**decimals * 2 + denominator) // (denominator * 2)
    digits = str(whole).rjust(decimals + 1, "0")
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    return f"-{text}" if numerator < 0 else text
