"""Programs to begin with: rule files that are checked and tested as they lie here, and filled with names."""
