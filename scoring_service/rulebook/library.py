"""All editions together, and which of them judges a dossier."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scoring_service.rulebook.load import EDITION_FILE, load_edition
from scoring_service.rulebook.model import Basis, Edition, Window
from scoring_service.rulebook.nodes import NodeError
from scoring_service.text import Position, Problem, Text, did_you_mean, shorten

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Application:
    """What the choice of the edition depends on; ``None`` is unknown."""

    kind: str
    filed_on: dt.date | None
    decided_on: dt.date | None


@dataclass(frozen=True, slots=True)
class EditionChoice:
    """The edition that judges a dossier and why; ``asked`` when the caller named it (what-if)."""

    edition: Edition
    why: Text
    reference: str
    basis: Basis
    asked: bool


class ChoiceError(Exception):
    """No edition judges such a dossier; ``problems`` says which dates would work."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(p.message.en for p in problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Every loaded edition by its id, oldest first."""

    editions: Mapping[str, Edition]

    def choose(self, application: Application, asked: str = "") -> EditionChoice:
        """The edition for an application by its dates, or the one ``asked`` for by name.

        Raises:
            ChoiceError: no such edition, or no edition for these dates.
        """
        if asked:
            if asked not in self.editions:
                raise ChoiceError(Problem("edition-unknown", self.no_edition(asked), "edition"))
            edition = self.editions[asked]
            return EditionChoice(
                edition,
                Text(
                    f"Áp dụng {edition.decision} theo yêu cầu (tính thử), không xét ngày.",
                    f"{edition.decision} was asked for (what-if); dates were not considered.",
                ),
                edition.decision,
                Basis(False, Text("người gọi chọn", "chosen by the caller")),
                True,
            )
        if application.filed_on is None:
            raise ChoiceError(
                Problem(
                    "filed-on-missing",
                    Text(
                        "Thiếu ngày nộp hồ sơ; bộ tiêu chí áp dụng phụ thuộc ngày này.",
                        "The filing date is missing; which edition applies depends on it.",
                    ),
                    "application.filed_on",
                )
            )
        late: list[tuple[Edition, Window]] = []
        for edition in reversed(list(self.editions.values())):
            for window in edition.windows:
                if not _admits(window, application):
                    continue
                if application.decided_on and window.decided_until and application.decided_on > window.decided_until:
                    late.append((edition, window))
                    continue
                return EditionChoice(edition, _why(edition, window, application), window.reference, window.basis, False)
        raise ChoiceError(self._none_admits(application, late))

    def no_edition(self, asked: str) -> Text:
        """That no edition has the id ``asked``, with the nearest ones."""
        what = Text(f"Không có bộ tiêu chí '{shorten(asked)}'.", f"There is no edition '{shorten(asked)}'.")
        return what + did_you_mean(asked, self.editions)

    def _none_admits(self, application: Application, late: list[tuple[Edition, Window]]) -> Problem:
        newest = list(self.editions.values())[-1]
        opening = min((w.filed_from for w in newest.windows if w.filed_from), default=None)
        if late:
            edition, window = late[0]
            return Problem(
                "decided-too-late",
                Text(
                    f"Hồ sơ nộp {application.filed_on} theo {edition.decision} phải đánh giá xong chậm nhất {window.decided_until} ({window.reference}), "
                    f"nhưng ngày quyết định là {application.decided_on}. Cách làm: nộp lại từ {opening} để áp dụng {newest.decision}.",
                    f"A dossier filed on {application.filed_on} under {edition.decision} had to be decided by {window.decided_until} ({window.reference}), "
                    f"but was decided on {application.decided_on}. What works: file again on or after {opening}, under {newest.decision}.",
                ),
                "council.decided_on",
            )
        spans = "; ".join(
            f"{e.decision}: {w.filed_from} → {w.filed_until or '…'}"
            for e in self.editions.values()
            for w in e.windows
            if application.kind in w.kinds
        )
        return Problem(
            "no-edition",
            Text(
                f"Không có bộ tiêu chí nào cho hồ sơ '{application.kind}' nộp ngày {application.filed_on}. Các khoảng ngày nộp đang có: {spans}.",
                f"No edition covers a '{application.kind}' application filed on {application.filed_on}. Filing dates known here: {spans}.",
            ),
            "application.filed_on",
        )


def _admits(window: Window, application: Application) -> bool:
    filed = application.filed_on
    return (
        filed is not None
        and application.kind in window.kinds
        and (window.filed_from is None or window.filed_from <= filed)
        and (window.filed_until is None or filed <= window.filed_until)
    )


def _why(edition: Edition, window: Window, application: Application) -> Text:
    kind = edition.kinds[application.kind]
    article = window.reference.removeprefix(f"{edition.decision}, ")
    why = Text(
        f"Hồ sơ {kind.vi} nộp ngày {application.filed_on}: áp dụng {edition.decision} ({article}).",
        f"A {kind.en} application filed on {application.filed_on}: {edition.decision} applies ({article}).",
    )
    if window.decided_until:
        why += Text(
            f" Phải đánh giá xong chậm nhất {window.decided_until}.", f" It must be decided by {window.decided_until}."
        )
    return why


def load_rulebook(folder: Path) -> Rulebook:
    """Load every edition folder below ``folder`` (those with an edition.yaml), or ``folder`` itself when it is one.

    Raises:
        NodeError: with every problem of every edition.
    """
    folders = (
        [folder] if (folder / EDITION_FILE).is_file() else sorted(p.parent for p in folder.glob(f"*/{EDITION_FILE}"))
    )
    problems: list[Problem] = []
    editions: list[Edition] = []
    for one in folders:
        try:
            editions.append(load_edition(one))
        except NodeError as error:
            problems += error.problems
    if not folders:
        problems.append(
            Problem(
                "no-editions",
                Text(
                    f"Không thấy bộ tiêu chí nào: cần {folder}/<năm>/{EDITION_FILE}.",
                    f"No edition found: {folder}/<year>/{EDITION_FILE} is needed.",
                ),
                position=Position(str(folder), 1, 1),
            )
        )
    by_id: dict[str, Edition] = {}
    for edition in sorted(editions, key=lambda e: e.issued):
        if edition.id in by_id:
            problems.append(
                Problem(
                    "edition-repeated",
                    Text(f"Mã bộ tiêu chí '{edition.id}' lặp lại.", f"Edition id '{edition.id}' is repeated."),
                    position=edition.position,
                )
            )
        by_id[edition.id] = edition
    if not problems:
        problems += _holes(list(by_id.values())) + _lost_predecessors(by_id)
    if problems:
        raise NodeError(problems)
    return Rulebook(by_id)


def _holes(editions: list[Edition]) -> list[Problem]:
    """Days on which an application of some kind could be filed and no edition, or two, would judge it."""
    problems = []
    for kind in dict.fromkeys(k for e in editions for k in e.kinds):
        windows = [(w, e) for e in editions for w in e.windows if kind in w.kinds]
        windows.sort(key=lambda item: item[0].filed_from or dt.date.min)
        for (one, old), (following, new) in itertools.pairwise(windows):
            start = following.filed_from or dt.date.min
            if one.filed_until and one.filed_until + _DAY == start:
                continue
            last = start - _DAY if following.filed_from else start
            what = Text(
                f"Hồ sơ '{kind}': bộ {old.id} nhận đến {one.filed_until or 'mãi mãi'}, bộ {new.id} từ {start}; ngày nộp phải nối liền. "
                f"Ghi filed_until: {last} ở {one.position}, hoặc đổi filed_from ở đây.",
                f"'{kind}' applications: edition {old.id} takes them until {one.filed_until or 'for ever'}, edition {new.id} from {start}; "
                f"filing dates must join. Write filed_until: {last} at {one.position}, or change filed_from here.",
            )
            problems.append(Problem("window-hole", what, position=following.position))
    return problems


def _lost_predecessors(editions: Mapping[str, Edition]) -> list[Problem]:
    """Sets that say they follow a set of a loaded edition which has none of that name."""
    problems = []
    for product_set in (s for e in editions.values() for s in e.sets.values()):
        for older, slugs in product_set.follows.items():
            known = editions[older].by_slug if older in editions else dict.fromkeys(slugs)
            for slug in slugs:
                if slug not in known:
                    what = Text(f"Bộ tiêu chí {older} không có '{slug}'.", f"Edition {older} has no set '{slug}'.")
                    problems.append(Problem("follows", what + did_you_mean(slug, known), position=product_set.position))
    return problems
