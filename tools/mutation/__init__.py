"""``build.py test mutation``: breaks one line at a time and looks whether a test notices."""
