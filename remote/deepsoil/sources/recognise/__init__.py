"""A folder of somebody's files as a recipe: what each file seems to be, and what has yet to be said of it.

``look`` reads the files, ``names`` and ``draft`` decide; the recipe that they make is an ordinary one. A unit, a value
for missing pixels, a day or a coordinate system that is not written in a file is asked for, never assumed.
"""
