"""What changed between two editions: found, gathered over the sets that share it, and told."""
