"""The schedulers that run the jobs of a host. `base` is the interface, `registry` finds a scheduler by its name."""
