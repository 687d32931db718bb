"""Who may log in, and in which groups they are then."""

import asyncio
from collections.abc import Callable, Mapping
from hmac import compare_digest
from typing import Any

from jupyterhub.auth import Authenticator
from jupyterhub.utils import maybe_future


def members_only(base: Any, groups_of: Callable[[str], list[str]]) -> Any:
    """Return an authenticator that lets in whom `base` knows and a course has as a member.

    Parameters
    ----------
    base : type
        One of JupyterHub's authenticators; it tells whether a user is who they say.
    groups_of : callable
        Returns the groups of a user. It may be slow: it runs in a thread.
    """

    class MembersOnly(base):  # type: ignore[misc]
        """The base, for members."""

        async def authenticate(self, handler: Any, data: Any) -> dict[str, Any] | None:
            found = await maybe_future(super().authenticate(handler, data))
            # Some tell more than the name. It is not kept: it is nothing that the hub needs.
            name = found["name"] if isinstance(found, dict) else found
            return await self._model(self.normalize_username(name)) if name else None

        async def refresh_user(self, user: Any, handler: Any = None) -> dict[str, Any] | bool:
            model = await self._model(user.name)
            return model if self.check_allowed(user.name, model) else False

        def check_allowed(self, username: str, authentication: Any = None) -> bool:
            return bool(authentication and authentication["groups"]) or (
                username in self.admin_users
            )

        async def _model(self, name: str) -> dict[str, Any]:
            return {"name": name, "groups": await asyncio.to_thread(groups_of, name)}

    return MembersOnly


def with_passwords(passwords: Mapping[str, str]) -> Any:
    """Return an authenticator that knows each user's password; only for trying."""

    class WithPasswords(Authenticator):  # type: ignore[misc]
        """Knows a few passwords."""

        async def authenticate(self, handler: Any, data: Any) -> str | None:
            name = data["username"]
            known = passwords.get(name, "")
            right = compare_digest(known.encode(), data["password"].encode())
            return name if known and right else None

    return WithPasswords
