"""How to say a document anywhere: as HTML, as plain text, cut into pieces that fit.

Pure functions over `bot.model.richtext`. What only one platform needs (entities, blocks) lives with that platform.
"""
