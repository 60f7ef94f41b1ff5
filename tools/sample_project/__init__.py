"""The sample project that ``build.py run`` opens: a picture from above, a few fields and the first maps."""
