"""The terminal: score files, read sheets, check rules, serve."""
