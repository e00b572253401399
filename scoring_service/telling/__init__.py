"""From decisions to words: findings, problems and lines in one language, by that language's catalogue and nothing else."""
