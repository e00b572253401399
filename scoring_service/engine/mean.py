"""Exact means of whole points. Rounding is for print only, and a printed number is never added."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
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
        return half_up(self.exact, self.decimals)


def half_up(value: Fraction, decimals: int = 2) -> str:
    """A fraction rounded half up, for print only."""
    scaled = value * 10**decimals
    whole = (abs(scaled.numerator) * 2 + scaled.denominator) // (scaled.denominator * 2)
    digits = str(whole).rjust(decimals + 1, "0")
    text = digits if not decimals else f"{digits[:-decimals]}.{digits[-decimals:]}"
    return f"-{text}" if value < 0 else text
