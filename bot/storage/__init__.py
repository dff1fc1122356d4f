"""Storage: the only room that speaks SQL. Everything it hands out are values of `bot.model`."""
