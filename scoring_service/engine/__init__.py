"""One dossier and the rules in, one assessment out: pure, exact, explained."""
