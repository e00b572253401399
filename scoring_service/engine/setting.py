"""The setting of a dossier: its kind, its days, and by them the edition, level and council that judge it.

The dossiers of one round mostly share it, so a setting that was found whole is kept and found again by its texts.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

from scoring_service.engine.dates import Calendar, Days
from scoring_service.engine.dossier import DOSSIER_FIELDS, MAX_ANSWERS, MAX_SHEETS, Dossier, Holds
from scoring_service.engine.names import find_set
from scoring_service.engine.prepared import Ladder, Rules
from scoring_service.engine.texts import texts_of, unknown
from scoring_service.plaintext import meant_day, parse_day, shorten
from scoring_service.problems import Problems, Span, Suggestion
from scoring_service.rulebook.library import Application, ChoiceError, EditionChoice
from scoring_service.rulebook.model import CouncilRules, Edition, Level, Mode

FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2090, 12, 31)
"""The public holidays of Vietnam are known for these years."""

_OF_THE_PRODUCT = ("id", "product_name", "product_code", "product_set", "members")
SETTING_FIELDS = tuple(one for one in DOSSIER_FIELDS if one.name not in _OF_THE_PRODUCT)
PRODUCT_FIELDS = tuple(one for one in DOSSIER_FIELDS if one.name in _OF_THE_PRODUCT)
_MODES = ("", *Mode)
_MOST = 2000
_as_filed = attrgetter(*(one.name for one in SETTING_FIELDS))


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """When and where a dossier is judged, and by what."""

    application: str
    days: Days
    choice: EditionChoice
    ladder: Ladder
    level: Level
    council_rules: CouncilRules
    mode: Mode
    calendar: Calendar


def setting_of(dossier: Dossier, rules: Rules, problems: Problems) -> tuple[Setting | None, Edition]:
    """The setting, and its edition. Where something is wrong it is noted, and the likely edition lets the rest be read too."""
    filed = _as_filed(dossier)
    known: Setting | None = rules.settings.known.get(filed)
    if known is not None:
        return known, known.choice.edition
    before = len(problems)
    found, edition = _Reader(dossier, rules, problems).setting()
    if found is not None and len(problems) == before:
        if len(rules.settings.known) >= _MOST:
            rules.settings.known.clear()  # a round has a handful; more are spellings that nobody types twice
        rules.settings.once(filed, lambda: found)
    return found, edition


class _Reader:
    """One setting while it is read."""

    def __init__(self, dossier: Dossier, rules: Rules, problems: Problems) -> None:
        self._dossier, self._rules, self._problems = dossier, rules, problems

    def setting(self) -> tuple[Setting | None, Edition]:
        text = texts_of(self._dossier, SETTING_FIELDS, "", self._problems)
        days = self._days(text)
        application = self._application(text["application"])
        choice = self._choice(application, days, text["edition"])
        edition = choice.edition if choice else self._likely_edition(days)
        word = self._level_word(edition, text["level"])
        level = self._level(edition, word, days, certain=choice is not None)
        council = self._council(edition, text["council_rules"], word)
        if choice is None or level is None or council is None or text["mode"] not in _MODES:
            return None, edition
        mode = Mode(text["mode"]) if text["mode"] else council.mode.get(application, Mode.MEETING)
        calendar = Calendar(edition, application, level.word, days)
        ladder = self._rules.ladders[edition.id]
        return Setting(application, days, choice, ladder, level, council, mode, calendar), edition

    def _days(self, text: Mapping[str, str]) -> Days:
        """Days within reach of the calendar, and in an order that can be: filed, proposed, complete, decided."""
        read: dict[str, dt.date | None] = {}
        steps = []
        for one in SETTING_FIELDS:
            if one.of is not Holds.DAY:
                continue
            given = text[one.name]
            day = read[one.name] = parse_day(given)
            if given and day is None:
                day = read[one.name] = self._other_day(given, one.path)
            if day and not FIRST_DAY <= day <= LAST_DAY:
                self._problems.add("DATE_RANGE", one.path, day=day, first=FIRST_DAY, last=LAST_DAY)
                read[one.name] = None
            elif day and one.name != "expires_on":
                steps.append((one, day))
        for (earlier, before), (later, after) in itertools.pairwise(steps):
            if after < before:
                self._problems.add(
                    "DATES_ORDER", later.path, field=later.key, day=after, earlier=earlier.key, before=before
                )
        return Days(**read)

    def _other_day(self, given: str, path: str) -> dt.date | None:
        """What is no day, or is one that is written in another way: that is told, and the rest is read by the day that was meant."""
        day = meant_day(given)
        if day:
            self._problems.add("DATE_FORM", path, given=given, suggestion=Suggestion(day.isoformat()))
        else:
            self._problems.add("DATE", path, given=shorten(given))
        return day

    def _application(self, given: str) -> str:
        editions, names = self._rules.book.editions.values(), self._rules.kinds
        if not given or any(given in edition.kinds for edition in editions):
            return given
        kind = names.id(given)
        if not kind:
            unknown("APPLICATION_UNKNOWN", "application.kind", given, names.suggestion(given), self._problems)
        return kind

    def _choice(self, application: str, days: Days, asked: str) -> EditionChoice | None:
        """The edition that judges; ``None`` where it cannot be told, which is said unless its cause has been."""
        if not asked and (not application or days.filed_on is None):
            return None
        try:
            return self._rules.book.choose(Application(application, days.filed_on, days.decided_on), asked)
        except ChoiceError as error:
            for problem in error.problems:
                self._problems.note(problem)
            return None

    def _likely_edition(self, days: Days) -> Edition:
        """Where the edition cannot be told: the one that took dossiers on that day or, without one, whose forms fit the sheets best.

        Nothing is judged by it. It lets facts and answers be read in the same run as the dates are mended.
        """
        editions = list(self._rules.book.editions.values())[::-1]
        filed = days.filed_on
        if filed:
            for edition in editions:
                if any((w.filed_from or filed) <= filed <= (w.filed_until or filed) for w in edition.windows):
                    return edition
        return max(editions, key=self._fit)

    def _fit(self, edition: Edition) -> int:
        found = find_set(edition, self._dossier.product_set, self._rules.sets[edition.id])
        known = self._rules.forms[edition.id, found.slug].places if found else {}
        return sum(
            n in known for s in self._dossier.sheets[:MAX_SHEETS] for n in itertools.islice(s.answers, MAX_ANSWERS)
        )

    def _level_word(self, edition: Edition, given: str) -> str:
        """The level's word, or its name's; what is neither stays as it is."""
        return (
            given if any(v.word == given for v in edition.levels) else self._rules.levels[edition.id].id(given) or given
        )

    def _level(self, edition: Edition, word: str, days: Days, *, certain: bool) -> Level | None:
        """The level in force on the day; where it is not, either the word is unknown, or its time is another."""
        day = days.decided_on or days.filed_on
        level = edition.find_level(word, day)
        if level or not word:
            return level
        periods = tuple(v for v in edition.levels if v.word == word)
        if not periods:
            meant = self._rules.levels[edition.id].suggestion(word)
            unknown("LEVEL_UNKNOWN", "council.level", word, meant, self._problems, edition=edition.id)
        elif certain:
            self._problems.add(
                "LEVEL_PERIOD",
                "council.decided_on" if days.decided_on else "council.level",
                level=periods[0],
                day=day,
                periods=tuple(Span(v.name, v.start, v.end) for v in periods),
                reference=periods[0].reference,
                there=tuple(dict.fromkeys(v.word for v in edition.levels if v.covers(day))),
                names=tuple(v.name for v in edition.levels if v.covers(day)),
            )
        return None

    def _council(self, edition: Edition, named: str, level: str) -> CouncilRules | None:
        rules = edition.councils.get(named or level)
        if named and (rules is None or rules.level != level):
            councils = edition.councils.values()
            known = {c.id: c.name for c in councils if c.level == level} or {c.id: c.name for c in councils}
            unknown("COUNCIL_RULES_UNKNOWN", "council.rules", named, Suggestion.of(named, known, known), self._problems)
            return None
        return rules
