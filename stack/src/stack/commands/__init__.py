"""The verbs of `zengshou`, one module each; heavy imports wait inside the functions so that `--help` is quick."""
