"""Rule files in, checked model out."""
