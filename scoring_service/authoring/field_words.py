"""What the fields of a dossier mean, as editors are told it."""

from __future__ import annotations

from scoring_service.telling.catalogue import languages
from scoring_service.telling.teller import teller

BETWEEN = " | "


def field_words(path: str) -> str:
    """What a field means, in every language there is."""
    return BETWEEN.join(teller(language).word("fields", path) for language in languages())
