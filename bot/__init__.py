"""A self-hosted bot that delivers a Markdown research digest to chats, and answers questions from it."""

__version__ = "0.1.0"
