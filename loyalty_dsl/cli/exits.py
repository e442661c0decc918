"""The exit codes of every command. They are public: scripts and CI rely on them."""

FINE = 0
FINDINGS = 1
"""Errors in a rule file, or failed scenarios."""
UNUSABLE = 2
"""Bad usage, or input that cannot be read."""
BUG = 4
INTERRUPTED = 130
