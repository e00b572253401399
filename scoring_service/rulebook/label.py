"""Names and short texts that rule files give, and whether the decision or we say a thing."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Label:
    """A text of a rule file in the languages it is written in.

    ``of``: the decision whose articles it names, where the edition that says it is another one's.
    """

    vi: str
    en: str
    of: str = field(default="", compare=False)

    def __getitem__(self, language: str) -> str:
        """The text in ``language``; Vietnamese, which every rule file has, where the catalogue has none in that one."""
        text = self.en or self.vi if language == "en" else self.vi
        return f"{text} [{self.of}]" if self.of else text

    @property
    def written(self) -> tuple[str, str]:
        """The texts as they stand in the files, whatever decision they are of."""
        return self.vi, self.en

    def __bool__(self) -> bool:
        return bool(self.vi)


NOTHING = Label("", "")


# Options that a sheet leaves unprinted and we supply; each result that uses one says so.
NONE_OF_THESE = Label("Không đáp ứng mức nào", "None of the options is met")
MET = Label("Đáp ứng", "Met")
NOT_MET = Label("Không đáp ứng", "Not met")


@dataclass(frozen=True, slots=True)
class Listed:
    """An id with its label, as a message lists what may be written."""

    id: str
    name: Label


@dataclass(frozen=True, slots=True)
class Basis:
    """``stated`` by the decision, or our reading with one line ``why``: a text of the rule files, or a sentence of ours by its code.

    ``practice``: neither, but the council's own rules.
    """

    stated: bool = True
    why: Label | None = None
    code: str = ""
    practice: bool = False


STATED = Basis()
COUNTING = Basis(stated=False, code="COUNTING")
"""How days are counted: no decision says it."""
AS_KEPT = Basis(stated=False, code="AS_KEPT")
"""How an oddity of the print was kept."""
DAY_OFF = Basis(stated=False, code="DAY_OFF")
"""Where a term goes that ends on a day off: the civil code says it, and no decision."""
