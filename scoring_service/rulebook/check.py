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
from scoring_service.rulebook.model import Edition
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
    _check_sheets(edition, places, reader, broken, bands_sound=bands_sound)
    check_words(edition, places, reader)
    if edition.sets and not broken:
        check_uses(edition, places, reader)


def _check_sheets(edition: Edition, places: Places, reader: Reader, broken: set[str], *, bands_sound: bool) -> None:
    if not edition.sets and not broken:
        reader.problem("NO_SETS", edition.position)
    shared = any(not name.startswith(("sets/", "councils/")) for name in broken)
    knock_outs = KnockOutChecks(edition, places, reader)
    for product_set in edition.sets.values():
        whole = not shared and product_set.position.file.partition("/")[2] not in broken
        check_numbers(product_set, places, reader, whole=whole)
        check_sheet(product_set, edition, reader, whole=whole)
        knock_outs.check(product_set, whole=whole)
        if whole and bands_sound:
            check_reachable(product_set, edition, reader)
