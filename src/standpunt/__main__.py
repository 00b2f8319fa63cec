"""`python -m standpunt` is the `standpunt` command."""

from standpunt.cli.main import main

main()
