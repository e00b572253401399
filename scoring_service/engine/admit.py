"""Admission: a dossier as filed and the rules make a case that is whole, or every problem there is, in one run.

Limits come first: no text is normalised, compared or copied before its length is known to be bounded. After admission nothing is
parsed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from scoring_service.engine.case import Case, OtherForm, Seat, Seating
from scoring_service.engine.dossier import (
    MAX_ANSWERS,
    MAX_FACTS,
    MAX_ID,
    MAX_SHEETS,
    MAX_VALUE,
    SHEET_FIELDS,
    Dossier,
    Sheet,
    SheetKind,
    Stated,
)
from scoring_service.engine.names import find_set, no_set
from scoring_service.engine.prepared import Form, Mark, Rules
from scoring_service.engine.setting import PRODUCT_FIELDS, setting_of
from scoring_service.engine.texts import texts_of, unknown
from scoring_service.plaintext import cleaned, name_key, nfc, shorten
from scoring_service.problems import MAX_PROBLEMS, Elsewhere, Problem, Problems, Suggestion
from scoring_service.rulebook.facts import UNKNOWN, Fact, FactValue
from scoring_service.rulebook.label import Listed
from scoring_service.rulebook.model import CouncilRules, Edition, Role

_KINDS, _ROLES = {kind.value: kind for kind in SheetKind}, {role.value: role for role in Role}
_NOWHERE: tuple[int, dict[str, Mark]] = (-1, {})


class DossierError(Exception):
    """The dossier cannot be judged as it stands; ``problems`` lists everything wrong, each with its field path."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(str(p) for p in self.problems))


def admit(
    dossier: Dossier, rules: Rules, counting: SheetKind = SheetKind.COUNCIL, found: Iterable[Problem] = ()
) -> Case:
    """The case of a dossier. ``counting`` is the kind of sheet to score by; ``found``: what its reader has found wrong already.

    Raises:
        DossierError: something in the dossier is wrong; all of it is listed, as far as an edition and a product set can be told.
    """
    return _Admission(dossier, rules, Problems(found)).case(counting)


@dataclass(slots=True)
class _Wrong:
    """One mistake that may stand on several sheets: told once, with the sheets."""

    problem: Problem
    sheets: list[int] = field(default_factory=list)


class _Admission:
    """One dossier while it is read."""

    def __init__(self, dossier: Dossier, rules: Rules, problems: Problems) -> None:
        self._dossier, self._rules, self._problems = dossier, rules, problems
        self._answers_wrong: dict[tuple[str, str, str], _Wrong] = {}

    def case(self, counting: SheetKind) -> Case:
        dossier, problems = self._dossier, self._problems
        text = texts_of(dossier, PRODUCT_FIELDS, "", problems)
        setting, edition = setting_of(dossier, self._rules, problems)
        sheets = self._sheets()
        facts = self._facts(edition)
        form, by_number = self._form(edition, text["product_set"])
        seats, others = self._seats(form, sheets) if form else ((), ())
        self._check_council(sheets)
        self._check_agreed(sheets)
        if len(problems) or setting is None or form is None:
            raise DossierError(problems)
        return Case(
            id=text["id"],
            product_name=text["product_name"],
            product_code=text["product_code"],
            application=setting.application,
            by_number=by_number and not dossier.edition,
            days=setting.days,
            choice=setting.choice,
            form=form,
            ladder=setting.ladder,
            level=setting.level,
            council_rules=setting.council_rules,
            mode=setting.mode,
            calendar=setting.calendar,
            members=dossier.members,
            facts=facts,
            seating=_seating(seats, setting.council_rules, counting),
            other_forms=others,
        )

    # --- sheets and facts --------------------------------------------------------------------------------------------

    def _sheets(self) -> list[tuple[int, Sheet, dict[str, str]]]:
        """The sheets with their texts; none of them when there are too many."""
        sheets = self._dossier.sheets
        if len(sheets) > MAX_SHEETS:
            self._problems.add("TOO_MANY_SHEETS", "sheets", given=len(sheets), limit=MAX_SHEETS)
            return []
        editions = self._rules.book.editions
        found = []
        for index, sheet in enumerate(sheets):
            at = f"sheets[{index}]."
            text = texts_of(sheet, SHEET_FIELDS, at, self._problems)
            # With a single edition loaded the names of the others are not known.
            if text["edition"] and text["edition"] not in editions and len(editions) > 1:
                meant = Suggestion.of(text["edition"], editions)
                unknown("EDITION_UNKNOWN", at + "edition", text["edition"], meant, self._problems)
            if len(sheet.answers) > MAX_ANSWERS:
                self._problems.add("TOO_MANY_ANSWERS", at + "answers", given=len(sheet.answers), limit=MAX_ANSWERS)
                continue
            found.append((index, sheet, text))
        return found

    def _facts(self, edition: Edition) -> dict[str, FactValue]:
        """Stated facts as exact values; unknown ones are left out. A message keeps no order of its own."""
        stated = self._dossier.facts
        values: dict[str, FactValue] = {}
        if len(stated) > MAX_FACTS:
            self._problems.add("TOO_MANY_FACTS", "facts", given=len(stated), limit=MAX_FACTS)
            return values
        plain = self._rules.stated[edition.id]
        odd = []
        for name, raw in stated.items():
            value = plain.get((name, raw))
            if value is None:
                odd.append(name)
            else:
                values[name] = value
        for name in sorted(odd):
            raw = stated[name]
            self._odd_fact(edition, name, *(raw if isinstance(raw, Stated) else (raw, "")), values)
        return values

    def _odd_fact(self, edition: Edition, name: str, text: str, form: str, values: dict[str, FactValue]) -> None:
        """A fact that is no plain word of its list: a number, unknown, written in another way, or wrong."""
        fact = edition.facts.get(name)
        if len(name) > MAX_ID or len(text) > MAX_VALUE:
            longest = max(len(name), len(text))
            self._problems.add("TOO_LONG", f"facts.{shorten(name)}", length=longest, limit=MAX_ID)
        elif fact is None:
            path = f"facts.{shorten(name)}"
            meant = Suggestion.of(name, edition.facts, {one.id: one.name for one in edition.facts.values()})
            unknown("FACT_UNKNOWN", path, name, meant, self._problems, edition=edition.id)
        elif form != "unknown" and (form or nfc(text).strip().lower() not in UNKNOWN):
            value = fact.parse(text, form)
            if value is not None:
                values[name] = value
            else:
                self._odd_word(edition, fact, text, form, values)

    def _odd_word(self, edition: Edition, fact: Fact, text: str, form: str, values: dict[str, FactValue]) -> None:
        """A choice by its name, or wrong."""
        code, path, given = f"FACT_{fact.kind.id.upper()}", f"facts.{fact.id}", shorten(text)
        if not fact.choices:
            nearest = Suggestion(fact.kind.meant(text))
            self._problems.add(code, path, given=given, fact=fact, suggestion=nearest)
            return
        names = self._rules.choices[edition.id, fact.id]
        word = names.id(text) if form in {"", *fact.kind.forms} else ""
        if word:
            values[fact.id] = word
            return
        words, suggestion = tuple(fact.choices), names.suggestion(text)
        self._problems.add(code, path, given=given, fact=fact, words=words, suggestion=suggestion)

    # --- product set and answers ---------------------------------------------------------------------------------

    def _form(self, edition: Edition, asked: str) -> tuple[Form | None, bool]:
        """The form of the product set, and whether a number named it. A misspelt name still lets its answers be read."""
        names = self._rules.sets[edition.id]
        found = find_set(edition, asked, names)
        if found is None and asked:
            problem = no_set(edition, asked, "product.set", names)
            self._problems.note(problem)
            meant = problem.values.get("suggestion")
            found = edition.find_set(meant.nearest) if isinstance(meant, Suggestion) else None
        return (
            self._rules.forms[edition.id, found.slug] if found else None
        ), found is not None and asked == found.number

    def _seats(
        self, form: Form, sheets: list[tuple[int, Sheet, dict[str, str]]]
    ) -> tuple[tuple[Seat, ...], tuple[OtherForm, ...]]:
        seats, aside = [], []
        for index, sheet, text in sheets:
            if text["edition"] not in ("", form.edition.id):
                aside.append(OtherForm(index, text["assessor"] or f"#{index + 1}", text["edition"]))
                continue
            marks = self._marks(form, index, sheet)
            if not len(self._problems):
                seats.append(
                    Seat(index, text["assessor"], _KINDS[text["kind"]], _ROLES[text["role"]], sheet.round or 1, marks)
                )
        for wrong in self._answers_wrong.values():
            problem = wrong.problem
            elsewhere = Elsewhere.of(f"sheets[{index}]" for index in wrong.sheets[1:])
            self._problems.note(Problem(problem.code, {**problem.values, "elsewhere": elsewhere}, problem.path))
        return tuple(seats), tuple(aside)

    def _marks(self, form: Form, index: int, sheet: Sheet) -> tuple[Mark | None, ...]:
        """One mark for each criterion. Answers as they are mostly typed are found at once, all others after a closer look."""
        marks: list[Mark | None] = [None] * len(form.criteria)
        known, odd = form.answers, []
        for number, answer in sheet.answers.items():
            place, choices = known.get(number, _NOWHERE)
            mark = choices.get(answer)
            if mark is None:
                odd.append((number, answer))
            else:
                marks[place] = mark
        if odd and not self._enough and not self._on_another_form(form, index, sheet):
            for number, answer in sorted(odd):
                if not self._enough:
                    self._odd_answer(form, index, sheet, marks, number, answer)
        return tuple(marks)

    def _odd_answer(
        self, form: Form, index: int, sheet: Sheet, marks: list[Mark | None], number: str, answer: str
    ) -> None:
        """An answer that names nothing as it stands: in another Unicode form or with blanks, or wrong."""
        path = f"sheets[{index}].answers.{shorten(number)}"
        if len(number) > MAX_ID or len(answer) > MAX_VALUE:
            self._problems.add("TOO_LONG", path, length=max(len(number), len(answer)), limit=MAX_ID)
            return
        plain, said = cleaned(number), cleaned(answer)
        place = form.places.get(plain)
        if place is None:
            self._note_answer(
                "CRITERION_UNKNOWN",
                index,
                path,
                (plain, ""),
                lambda: {"number": shorten(number), "suggestion": Suggestion.of(number, form.places)},
            )
            return
        if (plain != number and plain in sheet.answers) or marks[place] is not None:
            self._problems.add("ANSWER_REPEATED", path, number=plain)
            return
        _, choices = form.answers[plain]
        mark = choices.get(said)
        if mark is not None:
            marks[place] = mark
            return
        criterion, same = form.criteria[place], form.ambiguous[plain].get(said)
        if same:
            options = tuple(Listed(i, form.options[plain][i].name) for i in same)
            self._note_answer(
                "ANSWER_AMBIGUOUS",
                index,
                path,
                (plain, said),
                lambda: {"criterion": criterion, "given": said, "options": options},
            )
        else:
            several = {i for ids in form.ambiguous[plain].values() for i in ids}
            ids = tuple(o.id if o.id in several else str(o.points) for o in criterion.choices())
            self._note_answer(
                "OPTION_UNKNOWN",
                index,
                path,
                (plain, said),
                lambda: {"criterion": criterion, "given": shorten(said), "ids": ids},
            )

    def _note_answer(
        self, code: str, index: int, path: str, given: tuple[str, str], values: Callable[[], dict[str, object]]
    ) -> None:
        """The same mistake on several sheets is one."""
        wrong = self._answers_wrong.get((code, *given))
        if wrong is None:
            wrong = self._answers_wrong[(code, *given)] = _Wrong(Problem(code, values(), path))
        wrong.sheets.append(index)

    @property
    def _enough(self) -> bool:
        """More is wrong with the answers than is told; no work is done for another mistake."""
        return len(self._answers_wrong) > MAX_PROBLEMS

    def _on_another_form(self, form: Form, index: int, sheet: Sheet) -> bool:
        """Whether a sheet was plainly filled on another edition's form by mistake: all its numbers are there, few are here."""
        numbers = {cleaned(number) for number in sheet.answers if len(number) <= MAX_ID}
        if sheet.edition or 2 * len(numbers & form.places.keys()) >= len(numbers):
            return False
        for edition, other in self._rules.other_forms(form).items():
            if numbers <= other.places.keys():
                self._note_answer(
                    "OTHER_FORM",
                    index,
                    f"sheets[{index}].answers",
                    (edition, ""),
                    partial(dict, form=edition, edition=form.edition.id),
                )
                return True
        return False

    # --- the council ---------------------------------------------------------------------------------------------

    def _check_council(self, sheets: list[tuple[int, Sheet, dict[str, str]]]) -> None:
        """Nobody votes twice, each council has one chair, and a council is no smaller than its sheets."""
        if len(sheets) == 1:
            return
        seen: dict[tuple[object, ...], int] = {}
        rounds: dict[tuple[int, str], int] = {}
        nameless: dict[tuple[int, str], int] = {}
        for index, sheet, own in sheets:
            sitting = (sheet.round or 1, own["edition"])
            if own["kind"] == SheetKind.COUNCIL:
                rounds[sitting] = rounds.get(sitting, 0) + 1
                if not name_key(own["assessor"]):
                    nameless.setdefault(sitting, index)
            for path, who in (
                ("assessor", name_key(own["assessor"])),
                ("role", own["role"] if own["role"] == Role.CHAIR else ""),
            ):
                other = seen.setdefault((path, who, own["kind"], sitting), index)
                if who and other != index:
                    code = "CHAIR_REPEATED" if path == "role" else "ASSESSOR_REPEATED"
                    self._problems.add(
                        code, f"sheets[{index}].{path}", assessor=own["assessor"], other=f"sheets[{other}]"
                    )
        for sitting, index in nameless.items():
            if rounds[sitting] > 1:
                self._problems.add("ASSESSOR_MISSING", f"sheets[{index}].assessor", sheets=rounds[sitting])
        members, most = self._dossier.members, max(rounds.values(), default=0)
        if members is not None and 1 <= members < most:
            self._problems.add("MEMBERS_TOO_FEW", "council.members", given=members, sheets=most)

    def _check_agreed(self, sheets: list[tuple[int, Sheet, dict[str, str]]]) -> None:
        """A council agrees once in a round."""
        agreed: dict[tuple[int, str], int] = {}
        for index, sheet, own in sheets:
            if own["kind"] == SheetKind.AGREED:
                first = agreed.setdefault((sheet.round or 1, own["edition"]), index)
                if first != index:
                    self._problems.add("AGREED_REPEATED", f"sheets[{index}].kind", other=f"sheets[{first}]")


def _seating(seats: tuple[Seat, ...], rules: CouncilRules, counting: SheetKind) -> Seating:
    """Sort the sheets: kind, role, and the last round. A sheet that does not count starts no round; what was agreed holds for its own."""
    own = [s for s in seats if s.kind is counting]
    scoring = own if counting is not SheetKind.COUNCIL else [s for s in own if s.role in rules.scorers]
    last = max([s.round for s in scoring], default=1)
    counted = [s for s in scoring if s.round == last]
    return Seating(
        counted=tuple(counted),
        agreed=next((s for s in seats if s.kind is SheetKind.AGREED and s.round == last), None),
        others=tuple([s for s in seats if s.kind not in (counting, SheetKind.AGREED)]) if len(own) < len(seats) else (),
        earlier=tuple([s for s in scoring if s.round != last]) if len(counted) < len(scoring) else (),
        silent=tuple([s for s in own if s.round == last and s not in scoring]) if len(scoring) < len(own) else (),
        counting=counting,
    )
