"""``build.py test platforms``: the tests on other releases of the operating system, each in a folder of its own."""
