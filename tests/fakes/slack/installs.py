"""auth.*, apps.* and oauth.*: who is calling, where events come from, and how an app gets its tokens."""

from __future__ import annotations

from tests.fakes.slack.core import Arguments, SlackCore
from tests.fakes.slack.desk import Grant
from tests.fakes.slack.errors import SlackError
from tests.fakes.slack.world import JSON, User, Workspace

TOKEN_SECONDS = 12 * 3600  # https://docs.slack.dev/authentication/using-token-rotation


def auth_test(_: SlackCore, arguments: Arguments) -> JSON:
    team = arguments.team
    return {
        "url": f"https://{team.name.lower()}.slack.example/",
        "team": team.name,
        "user": team.bot.name.lower(),
        "team_id": team.id,
        "user_id": team.bot.id,
        "bot_id": team.bot_id,
        "enterprise_id": team.organisation or None,
        "is_enterprise_install": team.whole_organisation,
    }


def auth_revoke(core: SlackCore, arguments: Arguments) -> JSON:
    arguments.team.token_state = "token_revoked"
    core.changed()
    return {"revoked": True}


def open_connection(core: SlackCore, arguments: Arguments) -> JSON:
    if arguments.token != core.secrets.app_token:
        raise SlackError("invalid_auth" if arguments.token.startswith("xapp-") else "not_allowed_token_type")
    ticket = f"ticket-{core.number()}"
    core.desk.tickets.add(ticket)
    return {"url": f"{core.url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={core.secrets.app_id}"}


def _check_app(core: SlackCore, arguments: Arguments) -> None:
    if arguments.text("client_id") != core.secrets.client_id:
        raise SlackError("invalid_client_id")
    if arguments.text("client_secret") != core.secrets.client_secret:
        raise SlackError("bad_client_secret")


def rotate(core: SlackCore, team: Workspace) -> None:
    """Give a workspace a token that ends, and the refresh token for the next one."""
    number = core.number()
    team.token, team.refresh_token = f"xoxe.xoxb-{number}-fake", f"xoxe-{number}-fake"
    team.expires_at = core.now() + TOKEN_SECONDS
    team.token_state = ""


def access(core: SlackCore, arguments: Arguments) -> JSON:
    _check_app(core, arguments)
    if arguments.text("grant_type") == "refresh_token":
        wanted = arguments.text("refresh_token")
        team = next((team for team in core.world.workspaces.values() if wanted and team.refresh_token == wanted), None)
        if team is None:
            raise SlackError("invalid_refresh_token")
        rotate(core, team)
        return _installed(core, team, None)
    grant = core.desk.grants.get(arguments.required("code"))
    if grant is None:
        raise SlackError("invalid_code")
    if grant.spent:
        raise SlackError("code_already_used")
    if grant.redirect_uri != arguments.text("redirect_uri"):
        raise SlackError("bad_redirect_uri")
    grant.spent = True
    if grant.scopes is not None:
        _install(core, grant.workspace, grant)
    return _installed(core, grant.workspace, grant.user)


def _install(core: SlackCore, team: Workspace, grant: Grant) -> None:
    """Let the app into a workspace: the same token as before while it is worth something, else a new one."""
    team.scopes = grant.scopes or frozenset()
    if grant.rotating:
        rotate(core, team)
    elif team.token_state or team.expires_at is not None:
        team.token = f"xoxb-{core.number()}-fake-token-of-a-test-workspace"
        team.token_state, team.refresh_token, team.expires_at = "", "", None
    for one in core.world.sharing(team):
        one.token, one.token_state, one.scopes = team.token, team.token_state, team.scopes
        one.refresh_token, one.expires_at = team.refresh_token, team.expires_at
    core.changed()


def _installed(core: SlackCore, team: Workspace, user: User | None) -> JSON:
    answer: JSON = {
        "access_token": team.token,
        "token_type": "bot",
        "scope": ",".join(sorted(team.scopes)),
        "bot_user_id": team.bot.id,
        "app_id": core.secrets.app_id,
        "team": None if team.whole_organisation else {"id": team.id, "name": team.name},
        "enterprise": {"id": team.organisation, "name": team.name} if team.organisation else None,
        "is_enterprise_install": team.whole_organisation,
        "authed_user": {"id": user.id} if user else {},
    }
    if team.expires_at is not None:
        seconds = int(team.expires_at - core.now())
        answer |= {"refresh_token": team.refresh_token, "expires_in": seconds}
    return answer


METHODS = {
    "auth.test": auth_test,
    "auth.revoke": auth_revoke,
    "apps.connections.open": open_connection,
    "oauth.v2.access": access,
}
