"""Run the command line: ``python -m core``."""

from core.commands import main

if __name__ == "__main__":
    main()
