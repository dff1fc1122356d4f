"""Slack's limits as data, each with the page that states it."""

from __future__ import annotations

from bot.model.delivery import Limits

# One message a second in a channel (short bursts pass), and a few hundred a minute in a workspace:
# https://docs.slack.dev/apis/web-api/rate-limits/#posting-messages
# chat.update is of tier 3, which begins at 50 a minute; some are left to the pages that readers turn.
PACE = Limits(per_second=4.0, private=(1, 1.0), group=(1, 1.0), channel=(1, 1.0), edits=(40, 60.0))

# https://docs.slack.dev/reference/block-kit/blocks/
MESSAGE_BLOCKS = 50
ELEMENT_TEXT = 3000
HEADER_TEXT = 150
ACTIONS = 25
CONTEXT = 10
IMAGE_ALT = 2000
URL = 3000
LIST_INDENT = 8
BUTTON_LABEL = 75
BUTTON_VALUE = 2000

# Not documented: chat.postMessage answers msg_blocks_too_long from some 11,000 to 13,000 characters on, addresses
# and a share for every block included (https://github.com/slackapi/bolt-js/issues/2867).
MESSAGE_TEXT = 9000

# Beside blocks, `text` is for notifications alone, and those stay away where it is much longer than this.
FALLBACK_TEXT = 2500
# chat.update refuses a text of more than 4,000 bytes: https://docs.slack.dev/reference/methods/chat.update/
FALLBACK_BYTES = 3900

# A response_url takes five answers within half an hour:
# https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses
RESPONSE_URL_USES = 5

# Apps sold outside the Marketplace get 15 messages of history a minute; everybody else gets what they ask for:
# https://docs.slack.dev/changelog/2025/05/29/rate-limit-changes-for-non-marketplace-apps
HISTORY_PAGE = 100
HISTORY_PAGES = 10

# https://docs.slack.dev/reference/views
VIEW_BLOCKS = 100
VIEW_TITLE = 24
VIEW_TEXT = 30_000  # 250 kB of JSON, in which a Chinese character may take six bytes
VIEW_STACK = 3
PRIVATE_METADATA = 3000

# https://docs.slack.dev/reference/methods/users.conversations
LIST_PAGE = 200
LIST_PAGES = 10

# https://docs.slack.dev/reference/block-kit/composition-objects/option-object and the pages of the elements
OPTIONS = 100
OPTION_TEXT = 75
OPTION_VALUE = 150
CHECKBOXES = 10
