"""Several workspaces and the real process: they install the app, receive, leave, and come back to what they missed."""

from __future__ import annotations

import re
import socket
from html import unescape

import httpx

from tests.acceptance.bot_process import Bot
from tests.fakes.slack import SlackFake, Workspace

WITHIN = 60.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def install(slack: SlackFake, workspace: Workspace, site: str) -> str:
    """Go through the bot's pages as a browser does; returns what the last one says."""
    slack.sign_in(workspace, by=slack.user(team=workspace, is_admin=True))
    with httpx.Client() as browser:
        first = browser.get(f"{site}/slack/install")
        (cookie,) = first.headers.get_list("set-cookie")
        (address,) = re.findall(r'class="button" href="([^"]+)"', first.text)
        back = browser.get(unescape(address)).headers["Location"]
        # The cookie is for https alone, as the site is outside of tests.
        page = browser.get(back, headers={"Cookie": cookie.partition(";")[0]})
    assert page.status_code == 200, page.text
    return page.text


def test_workspaces_install_leave_and_come_back(bot: Bot, slack: SlackFake) -> None:
    """Two workspaces install; both receive; one removes the app, misses an issue, comes back and is offered it."""
    site = f"http://127.0.0.1:{(port := free_port())}"
    bot.settings |= {
        "SLACK_CLIENT_ID": slack.secrets.client_id,
        "SLACK_CLIENT_SECRET": slack.secrets.client_secret,
        "BOT_SECRET_KEY": bot.ok("secret-key").strip(),
        "BOT_PUBLIC_URL": site,
        "BOT_WEB_PORT": str(port),
    }
    del bot.settings["SLACK_BOT_TOKEN"]
    teams = [slack.workspace(name, installed=False) for name in ("North", "South")]
    members = [slack.user("Ada", team=team) for team in teams]
    channels = [slack.channel("papers", team=team, members=[ada]) for team, ada in zip(teams, members, strict=True)]
    addresses = [f"slack:{channel.team}/{channel.id}" for channel in channels]

    def parts(number: int) -> int:
        """How many parts of issues stand in a channel; answers bear no reference."""
        return sum("metadata" in record.content for record in slack.transcript.of(channels[number].id).from_bot)

    def status(address: str) -> tuple[str, str]:
        return next((chat["status"], chat["reason"]) for chat in bot.json("chats") if chat["chat"] == address)

    with bot.run() as running:
        running.wait_for("line is open")
        for team in teams:
            assert f"The digest is in {team.name}." in install(slack, team, site)
        for channel, ada in zip(channels, members, strict=True):
            slack.command(channel, ada, "/digest subscribe")
            slack.wait(lambda log, chat=channel.id: list(log.of(chat).from_bot), within=WITHIN)
        assert {status(address)[0] for address in addresses} == {"active"}
        bot.ok("post", "--issue", "11")
        first = parts(0)
        assert first == parts(1) > 0

        slack.uninstall(teams[0])
        running.wait_for(f"workspace {teams[0].id} has removed the app")
        bot.wait_for(lambda: status(addresses[0])[0] == "suspended", within=WITHIN)
        assert "removed" in status(addresses[0])[1]
        assert status(addresses[1]) == ("active", "")
        bot.ok("post", "--issue", "12")
        assert parts(0) == first
        whole = parts(1)
        assert whole > first

        install(slack, teams[0], site)
        offer = slack.wait(
            lambda log: next((r for r in log.of(channels[0].id).from_bot if "you missed" in r.text), None),
            within=WITHIN,
        )
        assert status(addresses[0]) == ("active", "")
        slack.press(offer, "Send what I missed", by=members[0])
        slack.wait(lambda _: parts(0) == whole + 1, within=WITHIN)  # the offer bears a reference, too
        assert httpx.get(f"{site}/health").json()["checks"]["slack"] == "ok"
        assert running.stop() == 0
    secrets = [team.token for team in teams]
    assert not [line for line in running.log if any(secret in line for secret in secrets)]
