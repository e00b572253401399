"""Two assessments of one product side by side: where they differ, and which minimum or knock-out made the difference.

For self-assessment against council, district against province, province against centre, an old edition against a new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from scoring_service.engine.engine import Assessment
from scoring_service.engine.findings import (
    AnswersMissing,
    Finding,
    KnockedOut,
    MinimumMissed,
    NoQuorum,
    Severity,
    SpreadTooWide,
)
from scoring_service.engine.mean import Mean, Rounded
from scoring_service.engine.verdict import Status
from scoring_service.rulebook.match import matched
from scoring_service.rulebook.model import LARGEST_TOTAL, Criterion

_DECIDES = (MinimumMissed, KnockedOut, NoQuorum, SpreadTooWide, AnswersMissing)
_UNKNOWN = Fraction(LARGEST_TOTAL + 1)


class Side(StrEnum):
    """One of the two."""

    LEFT = "left"
    RIGHT = "right"


class By(StrEnum):
    """What tells the sides apart; each is the code of the words for it in a sentence."""

    SHEETS = "SIDE_SHEETS"
    LEVEL = "SIDE_LEVEL"
    EDITION = "SIDE_EDITION"
    PRODUCT = "SIDE_PRODUCT"
    NAME = "SIDE_NAME"
    PLACE = "SIDE_PLACE"


Title = tuple[tuple[By, object], ...]
"""What a side is called: all that tells it from the other one."""


class Differs(StrEnum):
    """What two results may differ in as a whole; each is the code of its sentence."""

    PRODUCTS = "COMPARED_PRODUCTS"
    SETS = "COMPARED_SETS"
    EDITIONS = "COMPARED_EDITIONS"
    LEVELS = "COMPARED_LEVELS"
    STATUS = "COMPARED_STATUS"
    TOTALS = "COMPARED_TOTALS"
    BY_POINTS = "COMPARED_BY_POINTS"


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One criterion on both sides with its mean; a side is ``None`` where it has no such criterion or no points."""

    left: Criterion | None
    left_points: Mean | None
    right: Criterion | None
    right_points: Mean | None

    @property
    def difference(self) -> Fraction | None:
        """Right less left, exact; ``None`` unless both have points."""
        if self.left_points and self.right_points:
            return self.right_points.exact - self.left_points.exact
        return None


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that differs as a whole; ``left`` and ``right`` are what the sides have."""

    code: Differs
    left: object
    right: object
    by: Rounded | None = None


@dataclass(frozen=True, slots=True)
class OnlyOne:
    """A finding that decided one side and not the other."""

    side: Side
    finding: Finding


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Everything that differs, the largest first, and why."""

    left: Assessment
    right: Assessment
    lines: tuple[ComparedLine, ...]
    reasons: tuple[Reason, ...]
    only: tuple[OnlyOne, ...]
    titles: Mapping[Side, Title]


def compare(left: Assessment, right: Assessment, names: tuple[str, str] | None = None) -> SideBySide:
    """Compare two assessments. Criteria of one sheet are matched by number, of different ones by name or shared definition.

    ``names``: what the dossiers are called where nothing else tells them apart; without them their own ids.
    """
    lines = [line for line in _matched(left, right) if line.difference != 0]
    lines.sort(key=lambda line: -abs(line.difference if line.difference is not None else _UNKNOWN))
    reasons, only = tuple(_reasons(left, right)), tuple(_only(left, right))
    return SideBySide(left, right, tuple(lines), reasons, only, _titles(left, right, names))


def _titles(left: Assessment, right: Assessment, names: tuple[str, str] | None) -> Mapping[Side, Title]:
    """Sheets, level and edition as far as they differ; else the first that does of the products, the names, and the places."""
    one, other = left.case, right.case
    found: list[tuple[By, object, object]] = []
    if one.seating.counting is not other.seating.counting:
        found.append((By.SHEETS, one.seating.counting, other.seating.counting))
    if one.level.word != other.level.word:
        found.append((By.LEVEL, one.level, other.level))
    if one.edition.id != other.edition.id:
        found.append((By.EDITION, one.edition.id, other.edition.id))
    if not found:
        pairs = (
            (By.PRODUCT, one.product_name, other.product_name),
            (By.NAME, *(names or (one.id, other.id))),
            (By.PLACE, Side.LEFT, Side.RIGHT),
        )
        found.append(next(pair for pair in pairs if pair[1] and pair[2] and pair[1] != pair[2]))
    return {
        Side.LEFT: tuple((by, mine) for by, mine, _ in found),
        Side.RIGHT: tuple((by, theirs) for by, _, theirs in found),
    }


def _matched(left: Assessment, right: Assessment) -> list[ComparedLine]:
    """In the order of the left sheet; what only the right one has comes last."""
    theirs = {criterion.number: (criterion, points) for criterion, points in _lines(right)}
    mine, other = left.case.form.product_set, right.case.form.product_set
    same = {c.number: c.number for c in mine.criteria()} if mine is other else {}
    follows = same or {old.number: number for number, old in matched(mine, other).items()}
    found = []
    for criterion, points in _lines(left):
        one, its = theirs.pop(follows.get(criterion.number, ""), (None, None))
        found.append(ComparedLine(criterion, points, one, its))
    return found + [ComparedLine(None, None, *line) for line in theirs.values()]


def _lines(one: Assessment) -> Iterator[tuple[Criterion, Mean | None]]:
    sheets = len(one.verdict.sheets)
    for criterion, points in zip(one.case.form.criteria, one.verdict.sums, strict=True):
        yield (
            criterion,
            None if points is None else Mean(points, sheets, criterion.max, one.case.council_rules.decimals),
        )


def _reasons(left: Assessment, right: Assessment) -> Iterator[Reason]:
    one, other = left.case, right.case
    if one.product_name != other.product_name:
        yield Reason(Differs.PRODUCTS, one.product_name, other.product_name)
    if one.form.product_set.slug != other.form.product_set.slug:
        yield Reason(Differs.SETS, one.form.product_set.name, other.form.product_set.name)
    if one.edition.id != other.edition.id:
        yield Reason(Differs.EDITIONS, one.edition.decision, other.edition.decision)
    if one.level.word != other.level.word:
        yield Reason(Differs.LEVELS, one.level, other.level)
    if left.verdict.status is not right.verdict.status:
        yield Reason(Differs.STATUS, left.verdict.status, right.verdict.status)
    before, after = left.verdict.total, right.verdict.total
    if before and after and before.exact != after.exact:
        yield Reason(
            Differs.TOTALS, before, after, Rounded(after.exact - before.exact, max(before.decimals, after.decimals))
        )
        if (
            left.verdict.by_points != right.verdict.by_points
            and left.verdict.status is right.verdict.status is Status.SCORED
        ):
            yield Reason(Differs.BY_POINTS, left.verdict.by_points, right.verdict.by_points)


def _only(left: Assessment, right: Assessment) -> Iterator[OnlyOne]:
    for side, mine, theirs in ((Side.LEFT, left, right), (Side.RIGHT, right, left)):
        known = {f.ground.rule for f in theirs.findings if _decisive(f)}
        for finding in mine.findings:
            if _decisive(finding) and finding.ground.rule not in known:
                yield OnlyOne(side, finding)


def _decisive(finding: Finding) -> bool:
    return finding.severity is Severity.DECIDING and isinstance(finding, _DECIDES)
