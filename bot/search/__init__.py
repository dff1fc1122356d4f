"""Search without a database: analysing text, reading queries, topics, ranking, highlighting. Pure functions on values.

The statements that fetch candidates, and the tables they are fetched from, are in `bot.storage`.
"""
