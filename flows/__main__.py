"""`python -m qantar`: the command line, where its script is not on the path."""

from qantar.cli import main

main()
