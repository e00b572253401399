"""The rules out as data: editions, product sets, facts and whole score sheets, for building forms."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from ocop.scoring.v1 import scoring_pb2 as pb

from scoring_service.problems import Problems
from scoring_service.rulebook.facts import KINDS
from scoring_service.rulebook.label import Label
from scoring_service.rulebook.model import CouncilRules, Criterion, Edition, Level, Of, Option, Part, ProductSet, Window
from scoring_service.service.requests import MAX_TOKEN
from scoring_service.service.values import Voice, place
from scoring_service.service.verdicts import EFFECT

MOST_ON_A_PAGE = 100
_FACT_KIND = {kind: pb.FactKind.Value(f"FACT_KIND_{word.upper()}") for word, kind in KINDS.items()}
_Item = TypeVar("_Item")


class Paged(Protocol):
    """A request for one page of a list."""

    page_size: int
    page_token: str


def page(of: str, items: Sequence[_Item], wanted: Paged, problems: Problems) -> tuple[Sequence[_Item], str]:
    """One page of a list and the token of the next one, empty on the last.

    ``of``: which list, by which rules; a token tells that and where its page starts, and fits no other list.
    """
    size, token = wanted.page_size, wanted.page_token
    if not 0 <= size <= MOST_ON_A_PAGE:
        problems.add("PAGE_SIZE", "page_size", given=size, limit=MOST_ON_A_PAGE)
    tag = hashlib.sha256(of.encode()).hexdigest()[:12]
    given, _, first = token[:MAX_TOKEN].partition(".")
    if token and not (given == tag and first.isascii() and first.isdecimal() and 0 < int(first) < len(items)):
        problems.add("PAGE_TOKEN", "page_token")
    if len(problems):
        return (), ""
    start = int(first or 0)
    end = start + (size or MOST_ON_A_PAGE)
    return items[start:end], f"{tag}.{end}" if end < len(items) else ""


def edition_to_pb(edition: Edition, say: Voice) -> pb.Edition:
    """An edition without its sheets."""
    return pb.Edition(
        id=edition.id,
        decision=edition.decision,
        name=say.label(edition.name),
        issued=edition.issued.isoformat(),
        digest=edition.digest,
        bands=[
            pb.StarBand(
                stars=b.stars,
                low=int(b.interval.low or 0),
                high=int(b.interval.high or 0),
                high_included=b.interval.high_closed,
                interval=str(b.interval),
                reference=b.reference,
            )
            for b in edition.bands
        ],
        levels=[_level(v, say) for v in edition.levels],
        certificate_months=edition.certificates[0].months,
        later_certificates=[
            pb.CertificateTerm(decided_from=c.start.isoformat(), months=c.months, reference=c.reference)
            for c in edition.certificates
            if c.start
        ],
        product_sets=len(edition.sets),
        applications=_named(edition.kinds, say),
        councils=[_council(c, say) for c in edition.councils.values()],
        windows=[_window(w) for w in edition.windows],
        total=edition.total,
    )


def product_set_to_pb(product_set: ProductSet, edition: Edition, say: Voice) -> pb.ProductSet:
    """One product set without its sheet."""
    return pb.ProductSet(
        id=product_set.slug,
        number=product_set.number,
        name=say.label(product_set.name),
        group=say.label(edition.groups[product_set.group]),
        subgroup=say.label(product_set.subgroup),
        agency=say.label(product_set.agency),
        reference=product_set.reference,
    )


def facts_to_pb(edition: Edition, say: Voice) -> list[pb.FactDefinition]:
    """The facts a dossier may state."""
    return [
        pb.FactDefinition(
            id=f.id,
            name=say.label(f.name),
            kind=_FACT_KIND[f.kind],
            choices=_named(f.choices, say),
            unit=say.label(f.unit),
        )
        for f in edition.facts.values()
    ]


def sheet_to_pb(product_set: ProductSet, edition: Edition, say: Voice) -> pb.ScoreSheet:
    """One whole score sheet."""
    return pb.ScoreSheet(
        edition=edition.id,
        digest=edition.digest,
        product_set=product_set_to_pb(product_set, edition, say),
        parts=[_part(p, edition, say) for p in product_set.parts],
        knock_outs=[
            pb.KnockOut(
                id=o.id,
                effect=EFFECT[o.effect],
                name=say.label(o.name),
                facts=[s.id for s in o.when.subjects() if s.of is Of.FACT],
                criteria=[s.id for s in o.when.subjects() if s.of is Of.CRITERION],
                parts=[s.id for s in o.when.subjects() if s.of is Of.PART],
                total=any(s.of is Of.TOTAL for s in o.when.subjects()),
                reference=o.reference,
                basis=say.basis(o.basis),
            )
            for o in product_set.knock_outs
        ],
        oddities=_labels(product_set.oddities, say),
    )


def _level(level: Level, say: Voice) -> pb.RecognitionLevel:
    return pb.RecognitionLevel(
        id=level.id,
        level=level.word,
        name=say.label(level.name),
        recognises=level.recognises,
        forwards_to=level.forwards_to,
        reference=level.reference,
        valid_from=_iso(level.start),
        valid_until=_iso(level.end),
    )


def _council(council: CouncilRules, say: Voice) -> pb.CouncilFile:
    return pb.CouncilFile(id=council.id, level=council.level, name=say.label(council.name))


def _window(window: Window) -> pb.FilingWindow:
    return pb.FilingWindow(
        applications=window.kinds,
        filed_from=_iso(window.filed_from),
        filed_until=_iso(window.filed_until),
        decided_until=_iso(window.decided_until),
        reference=window.reference,
    )


def _part(part: Part, edition: Edition, say: Voice) -> pb.SheetPart:
    return pb.SheetPart(
        code=part.code,
        name=say.label(part.name),
        max=part.max,
        sections=[
            pb.SheetSection(
                number=s.number,
                name=say.label(s.name),
                max=s.max,
                criteria=[_criterion(c, edition, say) for c in s.criteria],
            )
            for s in part.sections
        ],
    )


def _criterion(c: Criterion, edition: Edition, say: Voice) -> pb.SheetCriterion:
    group = pb.CriterionGroup(number=c.group.number, name=say.label(c.group.name), max=c.group.max) if c.group else None
    return pb.SheetCriterion(
        number=c.number,
        name=say.label(c.name),
        max=c.max,
        options=[_option(o, c, say) for o in c.options],
        none_met=_option(c.none_met, c, say) if c.none_met else None,
        is_section=c.is_section,
        group=group,
        cases=_named(c.cases, say),
        only_if=pb.OnlyIf(criterion=c.only_if.criterion, at_least=c.only_if.at_least) if c.only_if else None,
        evidence=_labels((edition.evidence[e] for e in c.evidence), say),
        notes=_labels(c.notes, say),
        oddities=_labels(c.oddities, say),
        readings=_labels((m.basis.why for m in c.minimums if m.basis.why), say),
        derived_from=list(dict.fromkeys(name for row in c.derive for name, _ in row.when)),
        reference=c.reference,
        source=place(c.position),
    )


def _option(option: Option, criterion: Criterion, say: Voice) -> pb.CriterionOption:
    stars = [m.stars for m in criterion.minimums if m.points == option.points and option is not criterion.none_met]
    return pb.CriterionOption(
        id=option.id,
        points=option.points,
        name=say.label(option.name),
        minimum_for_stars=stars,
        case_id=option.case,
        printed=option.printed,
    )


def _named(labels: Mapping[str, Label], say: Voice) -> list[pb.NamedId]:
    return [pb.NamedId(id=key, name=say.label(label)) for key, label in labels.items()]


def _labels(labels: Iterable[Label], say: Voice) -> list[pb.Label]:
    return [pb.Label(text=say.label(label)) for label in labels]


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
