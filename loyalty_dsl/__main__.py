"""`python -m loyalty_dsl` is the command `loyalty`."""

from loyalty_dsl.cli import main

main()
