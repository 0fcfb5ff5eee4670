"""python -m bot …: see `bot.cli`."""

import sys

try:
    from bot.cli import main

    main()
except KeyboardInterrupt:  # in the moment before the command line is there to say so itself
    sys.exit(130)
