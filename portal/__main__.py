"""`python -m portal` is the `portal` command."""

import gc
from importlib import import_module

gc.disable()  # nearly all that the modules make stays: to look it through on the way is a seventh of a start
main = import_module("portal.cli").main
gc.freeze()
gc.enable()

main()
