"""Two assessments of one product side by side: where they differ, and which minimum or knock-out made the difference.

For self-assessment against council, district against province, province against centre, an old edition against a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from scoring_service.engine.assessment import Assessment, Finding, Line, Points, Severity, Status, print_fraction
from scoring_service.engine.sentences import COMPARE, STATUS, joined, mean_text, printed
from scoring_service.text import Text

# What is compared as a whole before the criteria, in the order it is said.
_ASPECTS: dict[str, Callable[[Assessment], Text]] = {
    "products": lambda a: Text(a.product_name, a.product_name),
    "sets": lambda a: a.product_set_name,
    "editions": lambda a: Text(a.edition.decision, a.edition.decision),
    "levels": lambda a: a.level_name,
    "status": lambda a: STATUS[a.status],
}
_DECIDES = ("minimum", "knock_out_", "no_quorum", "spread", "missing_answers")


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One criterion on both sides; a side is ``None`` where it has no such criterion or no points."""

    left: Line | None
    right: Line | None

    @property
    def name(self) -> Text:
        """What both call it."""
        return (self.left or self.right or _never()).name

    @property
    def difference(self) -> Fraction | None:
        """Right less left, exact; ``None`` unless both have points."""
        if self.left and self.right and self.left.points and self.right.points:
            return self.right.points.mean - self.left.points.mean
        return None


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Everything that differs, the largest first, and the reasons in words."""

    lines: tuple[ComparedLine, ...]
    reasons: tuple[Text, ...]
    summary: Text


def compare(left: Assessment, right: Assessment) -> SideBySide:
    """Compare two assessments. Criteria of one edition are matched by number, of different editions by name."""
    lines = [line for line in _matched(left, right) if line.difference != 0]
    lines.sort(key=lambda line: -abs(line.difference) if line.difference is not None else Fraction(-1000))
    return SideBySide(tuple(lines), tuple(_reasons(left, right)), _summary(left, right))


def _matched(left: Assessment, right: Assessment) -> list[ComparedLine]:
    same = (left.edition.id, left.product_set) == (right.edition.id, right.product_set)
    waiting: dict[str, list[Line]] = {}
    for line in right.lines:
        waiting.setdefault(_key(line, same=same), []).append(line)
    found = []
    for line in left.lines:
        others = waiting.get(_key(line, same=same), [])
        found.append(ComparedLine(line, others.pop(0) if others else None))
    return found + [ComparedLine(None, line) for lines in waiting.values() for line in lines]


def _key(line: Line, *, same: bool) -> str:
    return line.number if same else line.name.vi.casefold()


def _reasons(left: Assessment, right: Assessment) -> Iterable[Text]:
    for key, of in _ASPECTS.items():
        one, other = of(left), of(right)
        if one.en != other.en:
            yield COMPARE[key].format(left=one, right=other)
    if left.total and right.total and left.total.mean != right.total.mean:
        by = _signed(right.total, left.total)
        yield COMPARE["totals"].format(left=mean_text(left.total), right=mean_text(right.total), by=by)
        if left.stars.by_points != right.stars.by_points:
            yield COMPARE["by_points"].format(left=left.stars.by_points, right=right.stars.by_points)
    for one_side, other_side, side in ((left, right, "left"), (right, left, "right")):
        known = {f.rule for f in other_side.findings if _decisive(f)}
        for finding in one_side.findings:
            if _decisive(finding) and finding.rule not in known:
                yield COMPARE[f"only_{side}"].format(text=finding.text)


def _decisive(finding: Finding) -> bool:
    return finding.severity is Severity.DECIDING and finding.code.startswith(_DECIDES)


def _summary(left: Assessment, right: Assessment) -> Text:
    if left.status is right.status is Status.SCORED:
        stars = (left.stars.after_minimums, right.stars.after_minimums)
        if stars[0] == stars[1]:
            return COMPARE["same_stars"].format(stars=stars[0])
        return COMPARE["stars"].format(left=stars[0], right=stars[1])
    return joined((STATUS[left.status], STATUS[right.status]), " → ")


def _signed(new: Points, old: Points) -> Text:
    difference = new.mean - old.mean
    text = printed(print_fraction(abs(difference)))
    sign = "+" if difference > 0 else "−"
    return Text(sign, sign) + text


def _never() -> Line:
    raise AssertionError("a compared line has at least one side")
