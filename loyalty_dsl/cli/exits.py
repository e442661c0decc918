"""The exit codes of every command. They are public: scripts and CI rely on them."""

FINE = 0
FINDINGS = 1
"""Errors in a rule file, failed scenarios, or no scenario where some should be."""
UNUSABLE = 2
"""Bad usage, or input that cannot be read."""
BUG = 4
INTERRUPTED = 130
PIPE_CLOSED = 141
"""Whoever reads our output stopped before its end (`| head`), so that nobody heard of the outcome: the code
of a process that SIGPIPE ends."""
