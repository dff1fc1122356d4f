"""Pages that only list issues: a repository's README is none itself."""

from __future__ import annotations

from markdown_it.token import Token

from bot.parsing.markdown import tokenize
from bot.parsing.naming import names_issue, split_front_matter


def is_index(markdown: str, *, filename: str) -> bool:
    """Tell whether a page is a list of issues: most items of its lists lead to files or folders named like issues."""
    if names_issue(filename):
        return False
    _, _, text = split_front_matter(markdown)
    tokens, _ = tokenize(text)
    items = [token for token in tokens if token.type == "list_item_open"]
    listed = [token for token in tokens if token.type == "inline" and _leads_to_issue(token)]
    return bool(items) and len(listed) * 2 > len(items)


def _leads_to_issue(inline: Token) -> bool:
    targets = [str(token.attrs.get("href", "")) for token in inline.children or () if token.type == "link_open"]
    return len(targets) == 1 and "://" not in targets[0] and names_issue(targets[0])
