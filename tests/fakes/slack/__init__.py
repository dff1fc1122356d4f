"""Slack, played: `SlackFake` speaks the Web API and Socket Mode to the real libraries."""

from tests.fakes.slack.deliveries import Delivery
from tests.fakes.slack.desk import View
from tests.fakes.slack.fake import SlackFake
from tests.fakes.slack.world import Channel, Message, User, Workspace

__all__ = ["Channel", "Delivery", "Message", "SlackFake", "User", "View", "Workspace"]
