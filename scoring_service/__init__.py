"""Scores OCOP dossiers by declarative rule files and explains every star.

The way of a dossier: ``rulebook`` (rule files in, model out) -> ``engine`` (one dossier in, one assessment out)
-> ``service`` (gRPC) and ``cli`` (the terminal). Nothing flows back.
"""

__version__ = "1.0.0"
