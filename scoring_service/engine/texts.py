"""The texts of a dossier, each within its limit before anything else touches it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scoring_service.engine.dossier import (
    DOSSIER_FIELDS,
    MAX_SHEETS,
    SHEET_FIELDS,
    Dossier,
    Field,
    Holds,
    Sheet,
    SheetKind,
)
from scoring_service.plaintext import cleaned, shorten, unprintable
from scoring_service.problems import Problems, Suggestion

_COUNT, _CLOSED = Holds.COUNT, Holds.CLOSED


def texts_of(of: Dossier | Sheet, declared: Sequence[Field], at: str, problems: Problems) -> dict[str, str]:
    """Every text field within its limit, without unseen characters; a field that is wrong counts as empty and is told."""
    texts: dict[str, str] = {}
    for one in declared:
        given, holds = getattr(of, one.name), one.of
        if holds is _COUNT:
            if given is not None and not 1 <= given <= one.limit:
                problems.add("COUNT_RANGE", at + one.path, given=given, low=1, high=one.limit)
        elif holds is _CLOSED:
            texts[one.name] = given if given in one.words else _closed(given, one, at, texts, problems)
        elif not given and not one.required:
            texts[one.name] = ""
        else:
            texts[one.name] = _text(of, given, one, at, problems)
    return texts


def closed_words(dossier: Dossier) -> Problems:
    """What is wrong with the words of closed lists, which are enums of the contract: an unknown one cannot be sent."""
    problems = Problems()
    texts_of(dossier, _closed_of(DOSSIER_FIELDS), "", problems)
    for index, sheet in enumerate(dossier.sheets[:MAX_SHEETS]):
        texts_of(sheet, _closed_of(SHEET_FIELDS), f"sheets[{index}].", problems)
    return problems


def _closed_of(declared: Sequence[Field]) -> Sequence[Field]:
    return [one for one in declared if one.of is _CLOSED]


def _text(of: Dossier | Sheet, given: str, one: Field, at: str, problems: Problems) -> str:
    if len(given) > one.limit:
        problems.add("TOO_LONG", at + one.path, length=len(given), limit=one.limit)
        return ""
    if not given.isprintable() and (unseen := unprintable(given)):
        problems.add("UNPRINTABLE", at + one.path, character=unseen)
        return ""
    plain = given.strip() if given.isascii() else cleaned(given)
    if not plain and one.required and not (one.name == "filed_on" and of.edition):
        problems.add("MISSING", at + one.path, field=at + one.path, of=one.path)
    return plain


def _closed(given: str, one: Field, at: str, texts: Mapping[str, str], problems: Problems) -> str:
    """A word outside its closed list. The contract's zero arrives as an empty word, which must never come to mean a vote."""
    if one.name == "role" and not given and texts["kind"] != SheetKind.COUNCIL:
        return str(one.default)  # nobody asks for the place in the council of who was not in it
    if given or one.default:
        code = {"kind": "SHEET_KIND_UNKNOWN", "role": "ROLE_UNKNOWN"}.get(one.name, "MODE_UNKNOWN")
        known = Suggestion.of(given, one.words) if given else Suggestion(known=one.words)
        problems.add(code, at + one.path, given=shorten(given), suggestion=known)
    return given


def unknown(code: str, path: str, given: str, meant: Suggestion, problems: Problems, **values: object) -> None:
    """Note a name that is none of the known ones, with what was probably meant."""
    problems.add(code, path, given=shorten(given), suggestion=meant, **values)
