"""The `portal` command, run as a file with `-P`: `-m portal` would import the package before the first line here."""

import gc
from importlib import import_module

gc.disable()  # nearly all that the modules make stays: to look it through on the way is a fifth of that
main = import_module("portal.cli").main
gc.freeze()
gc.enable()

if __name__ == "__main__":
    main()
