"""Thin Python client of the OCOP scoring service."""

from ocop.client import AsyncScoringClient, Scored, ScoringClient
from ocop.dossiers import dossier_from_dict
from ocop.errors import (
    InvalidDossierError,
    NoEditionError,
    NotFoundError,
    OverloadedError,
    ScoringError,
    ServerError,
    TimedOutError,
    UnavailableError,
    Violation,
)

__all__ = [
    "AsyncScoringClient",
    "InvalidDossierError",
    "NoEditionError",
    "NotFoundError",
    "OverloadedError",
    "Scored",
    "ScoringClient",
    "ScoringError",
    "ServerError",
    "TimedOutError",
    "UnavailableError",
    "Violation",
    "dossier_from_dict",
]
