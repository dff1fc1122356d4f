"""What the bot says: values in, documents and buttons out.

Pure functions. Nothing here knows a platform, a database or how a document is drawn; every sentence of the bot's own
comes from `bot.locales`.
"""
