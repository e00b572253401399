"""What editions must satisfy together: every day of filing has one edition, what one closes or follows is there."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace

from scoring_service.problems import Problem, Suggestion
from scoring_service.rulebook.model import Edition, Window

_DAY = dt.timedelta(days=1)


def closed(editions: Mapping[str, Edition], problems: list[Problem]) -> dict[str, Edition]:
    """The editions with the windows that a later one closes, which leaves the files of the older one, and its digest, as they are."""
    found = dict(editions)
    for newer, closing in ((e, c) for e in editions.values() for c in e.closes):
        end, others = closing.end, [id_ for id_ in editions if id_ != newer.id]
        older = found.get(closing.edition) if closing.edition in others else None
        if older is None:
            values = {"edition": closing.edition, "suggestion": Suggestion.of(closing.edition, others)}
            problems.append(Problem("CLOSES_UNKNOWN", values, position=end.position))
            continue
        for kind in (k for k in end.kinds if k not in older.kinds):
            meant = Suggestion.of(kind, older.kinds)
            values = {"kind": kind, "suggestion": meant}
            problems.append(Problem("APPLICATION_NOT_DECLARED", values, position=end.position))
        windows = tuple(piece for window in older.windows for piece in _pieces(window, end))
        if windows == older.windows:
            values = {"edition": closing.edition, "kinds": end.kinds}
            problems.append(Problem("CLOSES_NOTHING", values, position=end.position))
        problems += _ended_before(older, windows, end)
        found[closing.edition] = replace(older, windows=windows)
    return found


def _ended_before(older: Edition, windows: tuple[Window, ...], end: Window) -> Iterator[Problem]:
    """A closing that ends a window before it begins."""
    for window in windows:
        first, last = window.filed_from, window.filed_until
        if window.position == end.position and first and last and last < first:
            values = {"edition": older.id, "first": first, "last": last}
            yield Problem("CLOSES_BEFORE", values, position=end.position)
            return


def _pieces(window: Window, end: Window) -> Iterator[Window]:
    """An open window, split in the kinds that end and those that stay open."""
    ended = tuple(k for k in window.kinds if not end.kinds or k in end.kinds)
    if window.filed_until is not None or not ended:
        yield window
        return
    yield replace(
        end,
        kinds=ended,
        filed_from=window.filed_from,
        reference=f"{end.reference}; {window.reference}",
        basis=window.basis if end.basis.stated else end.basis,
    )
    if len(ended) < len(window.kinds):
        yield replace(window, kinds=tuple(k for k in window.kinds if k not in ended))


def check_editions(editions: Mapping[str, Edition]) -> list[Problem]:
    """Problems between editions, given by id and oldest first, with the windows that others close closed."""
    return [*_holes(list(editions.values())), *_closed_kinds(list(editions.values())), *_lost_predecessors(editions)]


def _holes(editions: list[Edition]) -> Iterator[Problem]:
    """Days on which an application of some kind could be filed and no edition, or two, would judge it; told once for all its kinds."""
    found: dict[object, tuple[Problem, list[str]]] = {}
    for kind in dict.fromkeys(k for e in editions for k in e.kinds):
        windows = [(w, e) for e in editions for w in e.windows if kind in w.kinds]
        windows.sort(key=lambda item: item[0].filed_from or dt.date.min)
        for (one, old), (following, new) in itertools.pairwise(windows):
            start = following.filed_from or dt.date.min
            if one.filed_until and one.filed_until + _DAY == start:
                continue
            last = start - _DAY if following.filed_from else start
            values: dict[str, object] = {"old": old.id, "new": new.id, "start": start, "place": one.position}
            values |= {"last": last.isoformat()}  # as it is to be written
            if one.filed_until:
                values |= {"until": one.filed_until, "first": (one.filed_until + _DAY).isoformat()}
                problem = Problem("WINDOW_HOLE", values, position=following.position)
            elif old.id == new.id:
                problem = Problem("WINDOW_TWICE", values, position=following.position)
            else:
                problem = Problem("WINDOW_OPEN", values, position=following.position)
            found.setdefault((problem.code, one.position, following.position), (problem, []))[1].append(kind)
    for problem, kinds in found.values():
        yield replace(problem, values={"kind": tuple(kinds), **problem.values})


def _closed_kinds(editions: list[Edition]) -> Iterator[Problem]:
    """Kinds of application that the newest edition knows and nobody takes any more, while others are still taken."""
    is_open = {kind: False for e in editions for kind in e.kinds}
    for window in (w for e in editions for w in e.windows if w.filed_until is None):
        is_open |= dict.fromkeys(window.kinds, True)
    newest = editions[-1] if editions else None
    for kind in newest.kinds if newest and any(is_open.values()) else ():
        if newest and not is_open[kind]:
            last = max(
                (w.filed_until for e in editions for w in e.windows if kind in w.kinds and w.filed_until), default=None
            )
            values = {"kind": kind, "edition": newest.id, "last": last}
            yield Problem("KIND_CLOSED", values, position=newest.windows[-1].position)


def _lost_predecessors(editions: Mapping[str, Edition]) -> Iterator[Problem]:
    """Sets that say they follow a set that is not there, or an edition that is not, or is no older one."""
    for edition in editions.values():
        older = {id_: e for id_, e in editions.items() if e.issued < edition.issued}
        for product_set in edition.sets.values():
            for id_, slugs in product_set.follows.items():
                if id_ not in older:
                    values = {"older": id_, "suggestion": Suggestion.of(id_, older)}
                    yield Problem("FOLLOWS_EDITION", values, position=product_set.position)
                    continue
                known = older[id_].by_slug
                for slug in (slug for slug in slugs if slug not in known):
                    values = {"older": id_, "slug": slug, "suggestion": Suggestion.of(slug, known)}
                    yield Problem("FOLLOWS", values, position=product_set.position)
