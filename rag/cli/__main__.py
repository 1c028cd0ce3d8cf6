"""`python -m rag.cli`: the command line, where no script is installed."""

from rag.cli import main

raise SystemExit(main())
