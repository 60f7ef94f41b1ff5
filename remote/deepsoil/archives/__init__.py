"""Public archives: what they have for a field, how it is fetched, and what it means for a recipe.

One module an archive, behind the protocol in ``archive``. Only ``network`` and what it is given to touch the network.
What was fetched is an ordinary folder with an ordinary recipe, which ``sources.ingest`` reads without a network.
"""
