"""What a score sheet must satisfy: sums, numbers, references, derivations that cover everything, reachable stars, limits of inference."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from scoring_service.rulebook.model import Criterion, Edition, Fact, FactKind, Interval, ProductSet
from scoring_service.rulebook.reader import Reader
from scoring_service.text import Position, Text, did_you_mean

SHEET_TOTAL = 100
# durable_rules: 64 matches of one message end in error 303, the 17th conjunct in error 304. One place is kept for the catch-all.
MAX_RULES = 60
MAX_CONJUNCTS = 15


def check_sheet(product_set: ProductSet, edition: Edition, reader: Reader, *, sums: bool) -> None:
    """Note every problem of one sheet in ``reader``; without ``sums`` where parts of it could not be read."""
    if sums:
        _check_sums(product_set, reader)
    _check_numbers(product_set, reader)
    for criterion in product_set.criteria():
        if criterion.options:
            _check_criterion(criterion, product_set, edition, reader)
    _check_knock_outs(product_set, edition, reader)
    if sums:
        _check_reachable(product_set, edition, reader)


def _check_sums(product_set: ProductSet, reader: Reader) -> None:
    """Printed maxima equal the sums at every level, except where a shortfall of the print is declared."""
    places = {c.number for c in product_set.criteria()}
    missing = {s.at: s.points for s in product_set.shortfalls}

    def compare(what: Text, at: str, printed: int, found: int, position: Position) -> None:
        places.add(at)
        if printed != found + missing.get(at, 0):
            text = Text(
                f"{what.vi}: tối đa ghi {printed}, các tiêu chí cộng được {found}.",
                f"{what.en}: maximum says {printed}, its criteria add up to {found}.",
            )
            reader.problem("sum", position, text)

    for part in product_set.parts:
        for section in part.sections:
            at = section.criteria[0].position if section.criteria else product_set.position
            if not any(c.is_section for c in section.criteria):
                total = sum(c.max for c in section.criteria)
                what = Text(f"Mục {section.number}", f"Section {section.number}")
                compare(what, section.number, section.max, total, at)
            for group in dict.fromkeys(c.group for c in section.criteria if c.group):
                members = [c for c in section.criteria if c.group == group]
                what = Text(f"Nhóm {group.number}", f"Group {group.number}")
                compare(what, group.number, group.max, sum(c.max for c in members), members[0].position)
        what = Text(f"Phần {part.code}", f"Part {part.code}")
        compare(what, part.code, part.max, sum(s.max for s in part.sections), product_set.position)
    what = Text(f"Bộ {product_set.id}", f"Set {product_set.id}")
    compare(what, "", SHEET_TOTAL, sum(p.max for p in product_set.parts), product_set.position)
    for shortfall in product_set.shortfalls:
        if shortfall.at not in places:
            text = Text(
                f"Bộ {product_set.id} không có '{shortfall.at}'.", f"Set {product_set.id} has no '{shortfall.at}'."
            )
            reader.problem("shortfall", shortfall.position, text + did_you_mean(shortfall.at, places))


def _check_numbers(product_set: ProductSet, reader: Reader) -> None:
    seen: set[str] = set()
    for part in product_set.parts:
        for section in part.sections:
            for criterion in section.criteria:
                if criterion.number in seen:
                    reader.problem(
                        "number-repeated",
                        criterion.position,
                        Text(
                            f"Số tiêu chí '{criterion.number}' lặp lại trong bộ {product_set.id}.",
                            f"Criterion number '{criterion.number}' is repeated in set {product_set.id}.",
                        ),
                    )
                seen.add(criterion.number)
                if not criterion.number.startswith(section.number):
                    reader.problem(
                        "number-section",
                        criterion.position,
                        Text(
                            f"Tiêu chí '{criterion.number}' không thuộc mục {section.number}.",
                            f"Criterion '{criterion.number}' does not belong to section {section.number}.",
                        ),
                    )


def _check_criterion(criterion: Criterion, product_set: ProductSet, edition: Edition, reader: Reader) -> None:
    ids = [o.id for o in criterion.choices()]
    for repeated in {i for i in ids if ids.count(i) > 1}:
        reader.problem(
            "option-id",
            criterion.position,
            Text(
                f"Tiêu chí {criterion.number}: hai mức cùng mã '{repeated}'. Thêm 'id' khác nhau cho các mức cùng điểm.",
                f"Criterion {criterion.number}: two options share the id '{repeated}'. Give options of equal points different 'id's.",
            ),
        )
    points = {o.points for o in criterion.choices()}
    last = -1
    for minimum in criterion.minimums:
        if (
            minimum.points not in points
            or minimum.points <= last
            or minimum.stars not in {b.stars for b in edition.bands}
        ):
            reader.problem(
                "minimum",
                criterion.position,
                Text(
                    f"Tiêu chí {criterion.number}: yêu cầu {minimum.stars} sao ≥ {minimum.points} phải là điểm của một mức và tăng theo số sao.",
                    f"Criterion {criterion.number}: minimum {minimum.points} for {minimum.stars} stars must be an option's points and rise with the stars.",
                ),
            )
        last = minimum.points
    if criterion.only_if:
        other = next((c for c in product_set.criteria() if c.number == criterion.only_if.criterion), None)
        if other is None or other.number == criterion.number:
            reader.problem(
                "only-if",
                criterion.only_if.position,
                Text(
                    f"Bộ {product_set.id} không có tiêu chí khác số '{criterion.only_if.criterion}' để dựa vào.",
                    f"Set {product_set.id} has no other criterion '{criterion.only_if.criterion}' to depend on.",
                ),
            )
    if criterion.derive:
        _check_derive(criterion, ids, edition.facts, reader)


def _check_derive(criterion: Criterion, option_ids: Sequence[str], facts: Mapping[str, Fact], reader: Reader) -> None:
    """Rows name known options; every possible combination of facts meets exactly one row."""
    for row in criterion.derive:
        if row.option and row.option not in option_ids:
            reader.problem(
                "derive-option",
                row.position,
                Text(
                    f"Tiêu chí {criterion.number} không có mức '{row.option}'.",
                    f"Criterion {criterion.number} has no option '{row.option}'.",
                )
                + did_you_mean(row.option, option_ids),
            )
    names = list(dict.fromkeys(name for row in criterion.derive for name, _ in row.when))
    axes = [
        _axis(facts[name], [allowed for row in criterion.derive for key, allowed in row.when if key == name])
        for name in names
    ]
    for values in itertools.product(*axes):
        given = dict(zip(names, values, strict=True))
        rows = [row for row in criterion.derive if row.matches(given)]
        if len(rows) != 1:
            shown = ", ".join(f"{name} = {value}" for name, value in given.items())
            at = (rows[-1] if rows else criterion.derive[0]).position
            reader.problem(
                "derive-cover",
                at,
                Text(
                    f"Tiêu chí {criterion.number}: {shown} khớp {len(rows)} dòng của 'derive'; cần đúng một. Chỗ văn bản bỏ trống hoặc chồng nhau: thêm dòng 'unclear'.",
                    f"Criterion {criterion.number}: {shown} meets {len(rows)} rows of 'derive'; exactly one is needed. Where the print has a gap or overlap, add an 'unclear' row.",
                ),
            )
            return


def _axis(fact: Fact, allowed: Iterable[Interval | frozenset[str]]) -> list[Decimal | str]:
    if fact.kind is FactKind.CHOICE:
        return list(fact.choices)
    if fact.kind is FactKind.YES_NO:
        return ["no", "yes"]
    ends = {end for a in allowed if isinstance(a, Interval) for end in (a.low, a.high) if end is not None}
    high = Decimal(100) if fact.kind is FactKind.PERCENT else None
    values = representatives(ends | {Decimal(0)} | ({high} if high else set()), Decimal(0), high)
    return [v for v in values if fact.kind is FactKind.PERCENT or v == v.to_integral_value()]


def representatives(ends: Iterable[Decimal], low: Decimal, high: Decimal | None) -> Iterator[Decimal]:
    """Each end, a value between each two, and one beyond the last: enough to see every gap and overlap of ranges."""
    inside = sorted({e for e in ends if e >= low and (high is None or e <= high)})
    for here, following in itertools.pairwise(inside):
        yield here
        middle = (here + following) / 2
        yield middle.to_integral_value() if following - here > 1 else middle
    yield inside[-1]
    if high is None:
        yield inside[-1] + 1


def _check_knock_outs(product_set: ProductSet, edition: Edition, reader: Reader) -> None:
    numbers = {c.number for c in product_set.criteria()}
    for out in product_set.knock_outs:
        for test in (t for tests in out.when.any_of for t in tests):
            kind, _, name = test.subject.partition(":")
            if kind == "criterion" and name not in numbers:
                reader.problem(
                    "knock-out-criterion",
                    out.position,
                    Text(
                        f"Bộ {product_set.id} không có tiêu chí '{name}' mà '{out.id}' dựa vào.",
                        f"Set {product_set.id} has no criterion '{name}', which '{out.id}' reads.",
                    )
                    + did_you_mean(name, numbers),
                )
            if kind == "criterion" and test.value != test.value.to_integral_value():
                reader.problem(
                    "knock-out-points",
                    out.position,
                    Text(
                        f"'{out.id}': điểm so sánh phải là số nguyên.",
                        f"'{out.id}': points are compared with whole numbers only.",
                    ),
                )
        if any(len(tests) > MAX_CONJUNCTS for tests in out.when.any_of):
            reader.problem(
                "limit-conjuncts",
                out.position,
                Text(
                    f"'{out.id}': quá {MAX_CONJUNCTS} điều kiện cùng lúc, bộ suy luận không giữ được; hãy tách ra.",
                    f"'{out.id}': more than {MAX_CONJUNCTS} conditions at once, which the inference engine cannot hold; split it.",
                ),
            )
    rules = (
        len(edition.bands)
        + sum(len(c.minimums) for c in product_set.criteria())
        + sum(len(o.when.any_of) for o in product_set.knock_outs)
    )
    if rules > MAX_RULES:
        reader.problem(
            "limit-rules",
            product_set.position,
            Text(
                f"Bộ {product_set.id} có {rules} luật suy luận, tối đa {MAX_RULES}.",
                f"Set {product_set.id} has {rules} inference rules; at most {MAX_RULES} fit.",
            ),
        )


def _check_reachable(product_set: ProductSet, edition: Edition, reader: Reader) -> None:
    """For each band there is a sheet that ends at exactly that many stars."""
    if sum(p.max for p in product_set.parts) != SHEET_TOTAL:
        return  # already reported
    for band in edition.bands:
        totals = {0}
        for criterion in product_set.criteria():
            least = max((m.points for m in criterion.minimums if m.stars <= band.stars), default=0)
            allowed = {o.points for o in criterion.choices() if o.points >= least}
            totals = {total + points for total in totals for points in allowed}
        if not any(Decimal(total) in band.interval for total in totals):
            reader.problem(
                "unreachable",
                product_set.position,
                Text(
                    f"Bộ {product_set.id}: không phiếu nào đạt được {band.stars} sao.",
                    f"Set {product_set.id}: no sheet can reach {band.stars} stars.",
                ),
            )
