"""What rule authors need beside the rules: the suite that guards them, printed sheets to proof-read, boundary cases."""
