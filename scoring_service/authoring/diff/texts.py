"""What is only said: lists of words, names, and the texts and readings that stand beside a rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scoring_service.authoring.diff.change import Change, Quoted, Word, quoted
from scoring_service.problems import Position
from scoring_service.rulebook.label import NOTHING, Basis, Label
from scoring_service.rulebook.match import text_key


def by_text(texts: Iterable[Label]) -> dict[str, Label]:
    """Texts that have no key of their own."""
    return {text_key(text): text for text in texts}


def listed(
    what: str, before: Mapping[str, Label], after: Mapping[str, Label], here: Position, *, wording: bool = False
) -> Iterator[Change]:
    """What was added to a list and what was dropped from it."""
    added = tuple(label for key, label in after.items() if key not in before)
    dropped = tuple(label for key, label in before.items() if key not in after)
    for code, items in (("CHANGED_LISTED_ADDED", added), ("CHANGED_LISTED_DROPPED", dropped)):
        if items:
            yield Change(code, {"what": Word("changed_list", what), "items": items}, here, wording=wording)


def named(before: Mapping[str, Label], after: Mapping[str, Label], here: Position) -> Iterator[Change]:
    """What is called otherwise under the same key."""
    for key, label in after.items():
        if key in before and _other(before[key], label):
            values = {"before": Quoted(before[key]), "after": Quoted(label)}
            yield Change("CHANGED_NAMED", values, here, wording=True)


def said(
    field: str,
    before: Label | None,
    after: Label | None,
    here: Position,
    *,
    of: tuple[object, ...] = (),
    stars: int = 0,
) -> Iterator[Change]:
    """A text beside a rule that came, went or changed; ``of``, ``stars``: what it is said of, where no heading tells."""
    if _other(before or NOTHING, after or NOTHING):
        values = {"field": Word("changed_field", field), "before": quoted(before), "after": quoted(after)}
        if of:
            yield Change("CHANGED_TEXT_OF", {"of": of, **values}, here, wording=True)
        elif stars:
            yield Change("CHANGED_TEXT_OF_RANK", {"stars": stars, **values}, here, wording=True)
        else:
            yield Change("CHANGED_TEXT", values, here, wording=True)


def read(basis: Basis | None) -> Label | None:
    """Why we read it so; none where the decision says it, or where there is no rule."""
    return basis.why if basis and not basis.stated else None


def _other(before: Label, after: Label) -> bool:
    return text_key(before) != text_key(after)
