"""What an edition must satisfy beyond its form: its bands, levels, days and councils, every sheet, its words, and that all of it is used.

What could not be read is not judged again: a file with problems is spared the checks that would only repeat them in other words (sums,
above all), and gets all others, so that one run shows as much as it can.
"""

from __future__ import annotations

from scoring_service.problems import errors
from scoring_service.rulebook.check_bands import check_bands
from scoring_service.rulebook.check_knock_outs import KnockOutChecks
from scoring_service.rulebook.check_levels import check_councils, check_levels
from scoring_service.rulebook.check_numbers import check_numbers
from scoring_service.rulebook.check_procedure import check_procedure
from scoring_service.rulebook.check_sheets import check_reachable, check_sheet
from scoring_service.rulebook.check_uses import check_uses
from scoring_service.rulebook.check_words import check_words
from scoring_service.rulebook.files import Files
from scoring_service.rulebook.folder import EDITION_FILE
from scoring_service.rulebook.model import Edition, ProductSet
from scoring_service.rulebook.places import Places
from scoring_service.rulebook.reader import Reader


def check_edition(edition: Edition, files: Files, reader: Reader) -> None:
    """Note every problem of the whole edition, whose ``files`` say where things stand, in ``reader``."""
    places = Places(files)
    broken = {p.position.file.partition("/")[2] for p in errors(reader.problems) if p.position}
    bands_sound = False
    if EDITION_FILE not in broken and not any(name.startswith("councils/") for name in broken):
        bands_sound = check_bands(edition, places, reader)
        check_levels(edition, places, reader, bands_sound=bands_sound)
        check_councils(edition, places, reader)
        check_procedure(edition, places, reader)
    if not edition.sets and not broken:
        reader.problem("NO_SETS", edition.position)
    shared = any(not name.startswith(("sets/", "councils/")) for name in broken)
    sheets = SheetChecks(edition, places, reader, bands_sound=bands_sound)
    for product_set in edition.sets.values():
        sheets.check(product_set, whole=not shared and product_set.position.file.partition("/")[2] not in broken)
    check_words(edition, places, reader)
    if edition.sets and not broken:
        check_uses(edition, places, reader)


class SheetChecks:
    """The checks of the sheets of one edition; which stars can be reached is judged only where its bands are sound."""

    def __init__(self, edition: Edition, places: Places, reader: Reader, *, bands_sound: bool = True) -> None:
        self._edition, self._places, self._reader, self._bands_sound = edition, places, reader, bands_sound
        self._knock_outs = KnockOutChecks(edition, places, reader)

    def check(self, product_set: ProductSet, *, whole: bool = True) -> None:
        """Note every problem of one sheet; fewer where it could not be read as a ``whole``."""
        check_numbers(product_set, self._places, self._reader, whole=whole)
        check_sheet(product_set, self._edition, self._reader, whole=whole)
        self._knock_outs.check(product_set, whole=whole)
        if whole and self._bands_sound:
            check_reachable(product_set, self._edition, self._reader)
