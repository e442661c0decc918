"""Real transactions in: files of purchases become a `History`, and no row is lost without a word."""
