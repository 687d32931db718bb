"""Log in from an LMS by LTI 1.3: Moodle, Canvas and others open the hub for their users."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from grader.errors import CourseError


@dataclass(frozen=True)
class Platform:
    """An LMS, as its page about the registered tool describes it.

    Attributes
    ----------
    issuer : str
        The platform's id, which is an address.
    client_id : str
        What the LMS calls the hub.
    authorize_url, keys_url : str
        Where the LMS answers a log-in, and where its public keys are ("JWKS").
    user : str
        The part of the LMS's message that is the student's id in the gradebook. Take one that
        students cannot change themselves: whoever sets their e-mail address to that of another
        would log in as the other.
    """

    issuer: str
    client_id: str
    authorize_url: str
    keys_url: str
    user: str = "custom_username"

    def __post_init__(self) -> None:
        for name in ("authorize_url", "keys_url"):
            address = urlsplit(getattr(self, name))
            if address.scheme != "https" and address.hostname not in ("127.0.0.1", "localhost"):
                raise CourseError(
                    f"The LMS's {name} is {getattr(self, name)!r}. Take its https:// address: "
                    "by any other somebody on the way could log in as whom they like."
                )


def authenticator() -> Any:
    """Return the class that reads an LMS's message.

    Raises
    ------
    CourseError
        When the package for it is not installed.
    """
    try:
        from ltiauthenticator.lti13.auth import LTI13Authenticator
    except ImportError:
        raise CourseError(
            "Log-in from an LMS needs jupyterhub-ltiauthenticator: install the extra 'hub' of this "
            "distribution."
        ) from None
    return LTI13Authenticator


def know_platform(c: Any, platform: Platform) -> None:
    """Set which LMS the hub believes, and which part of its message is the user's name."""
    c.LTI13Authenticator.issuer = platform.issuer
    c.LTI13Authenticator.client_id = {platform.client_id}
    c.LTI13Authenticator.authorize_url = platform.authorize_url
    c.LTI13Authenticator.jwks_endpoint = platform.keys_url
    c.LTI13Authenticator.username_key = platform.user
    # The LMS's page sends the browser to the hub; without this the browser would leave out the
    # cookies by which the hub knows that it has asked. It sends them over https only.
    options = {"SameSite": "None", "Secure": True}
    c.JupyterHub.tornado_settings = {"cookie_options": options}
