"""A replay held against another system's ledger, until no point is unexplained."""
