"""Log in from an LMS: what is configured, and a launch with signed messages against a real hub."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from real_hub import free_ports, processes_below
from traitlets.config import Config

from grader.deploy import Hub, Platform
from grader.deploy.configure import configure
from grader.errors import CourseError

MOODLE = Platform(
    issuer="https://moodle.example.org",
    client_id="the-hub",
    authorize_url="https://moodle.example.org/mod/lti/auth.php",
    keys_url="https://moodle.example.org/mod/lti/certs.php",
)
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"

CONFIG = """
from dataclasses import replace
from pathlib import PosixPath
from grader.deploy import Hub, Platform, configure
from grader.deploy.folders import prepare

hub = {hub!r}
prepare(hub)
configure(get_config(), hub, lambda user: {groups!r}.get(user, []))
"""


def configured(platform: Platform | None) -> Config:
    c = Config()
    configure(c, Hub(Path("/srv/hub"), [], lms=platform))
    return c


def test_the_hub_believes_this_lms_only():
    lti = configured(MOODLE).LTI13Authenticator

    assert lti.issuer == "https://moodle.example.org"
    assert lti.client_id == {"the-hub"}
    assert lti.jwks_endpoint == MOODLE.keys_url
    assert lti.username_key == "custom_username"


def test_without_an_lms_passwords_are_the_systems():
    assert "LTI13Authenticator" not in configured(None)
    assert configured(None).JupyterHub.authenticator_class.__mro__[1].__name__ == "PAMAuthenticator"


def test_all_else_is_configured_as_without_an_lms():
    one, other = configured(MOODLE), configured(None)
    for c in (one, other):
        for name in ("authenticator_class", "tornado_settings"):
            c.JupyterHub.pop(name, None)
        c.pop("LTI13Authenticator", None)

    assert one == other


@pytest.mark.parametrize("name", ["authorize_url", "keys_url"])
def test_an_address_of_the_lms_that_anybody_could_answer_is_refused(name: str):
    with pytest.raises(CourseError, match=f"{name} is 'http://moodle.*Take its https"):
        Platform(**(vars(MOODLE) | {name: "http://moodle.example.org/"}))


# A launch


@dataclass
class Lms:
    """An LMS on loopback, which publishes its key."""

    platform: Platform
    key: Any
    hub: str = ""

    def begin(self) -> tuple[dict[str, str], dict[str, str]]:
        """Ask the hub to log somebody in; return what it asks the LMS, and its cookies."""
        asked = requests.post(
            f"{self.hub}/hub/lti13/oauth_login",
            data={
                "iss": self.platform.issuer,
                "login_hint": "7",
                "target_link_uri": f"{self.hub}/hub/home",
                "client_id": self.platform.client_id,
            },
            allow_redirects=False,
        )
        assert asked.status_code == 302, asked.text
        assert asked.headers["Location"].startswith(self.platform.authorize_url)
        query = parse_qs(urlsplit(asked.headers["Location"]).query)
        cookies = {cookie.name: str(cookie.value) for cookie in asked.cookies}
        return {name: values[0] for name, values in query.items()}, cookies

    def message(self, asked: dict[str, str], user: str, **changes: Any) -> dict[str, Any]:
        """Return what the LMS says of a user."""
        now = int(time.time())
        return {
            "iss": self.platform.issuer,
            "aud": self.platform.client_id,
            "sub": "7",
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
            f"{CLAIM}version": "1.3.0",
            f"{CLAIM}message_type": "LtiResourceLinkRequest",
            f"{CLAIM}deployment_id": "1",
            f"{CLAIM}target_link_uri": f"{self.hub}/hub/home",
            f"{CLAIM}roles": [],
            f"{CLAIM}resource_link": {"id": "1"},
            f"{CLAIM}custom": {"username": user},
        } | changes

    def launch(
        self, user: str, *, key: Any = None, cookies: bool = True, **changes: Any
    ) -> requests.Response:
        """Log a user in, as the LMS's page makes the browser do."""
        asked, kept = self.begin()
        token = jwt.encode(
            self.message(asked, user, **changes), key or self.key, "RS256", headers={"kid": "1"}
        )
        return requests.post(
            f"{self.hub}/hub/lti13/oauth_callback",
            data={"id_token": token, "state": asked["state"]},
            headers={"Cookie": "; ".join(f"{k}={v}" for k, v in kept.items())} if cookies else {},
            allow_redirects=False,
        )


def new_key() -> Any:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def lms() -> Iterator[Lms]:
    key = new_key()
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    keys = json.dumps({"keys": [public | {"kid": "1", "alg": "RS256", "use": "sig"}]}).encode()

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(keys)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Keys) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        yield Lms(Platform("https://lms.example.org", "the-hub", f"{url}auth", f"{url}keys"), key)
        server.shutdown()


@pytest.fixture(scope="module")
def launched(lms: Lms, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lms]:
    """The LMS, and a hub whose class has ada."""
    folder = tmp_path_factory.mktemp("lti")
    port = free_ports(4)
    proxy = str(Path(sys.executable).parent / "configurable-http-proxy")
    hub = Hub(folder / "hub", [], port=port, inner_port=port + 1, proxy=proxy, lms=lms.platform)
    config = folder / "jupyterhub_config.py"
    config.write_text(CONFIG.format(hub=hub, groups={"ada": ["nbgrader-alibi"]}))
    command = [sys.executable, "-P", "-m", "jupyterhub", "--config", str(config)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        lms.hub = f"http://127.0.0.1:{port}"
        wait_for(f"{lms.hub}/hub/api", process, folder / "log")
        yield lms
    finally:
        end(process)


def wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        with suppress(requests.RequestException):
            if requests.get(url, timeout=5).ok:
                return
        time.sleep(0.2)
    raise AssertionError(log.read_text()[-2000:])


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a hub with what it started."""
    for one in processes_below(process.pid):
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    process.wait()


def test_a_student_of_the_class_comes_in_by_the_lms(launched: Lms):
    answer = launched.launch("ada")

    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"] == "/hub/home"
    assert "jupyterhub-session-id" in answer.headers["Set-Cookie"]


def test_the_browser_sends_the_hubs_cookies_also_from_the_lmss_page(launched: Lms):
    asked = requests.get(
        f"{launched.hub}/hub/lti13/oauth_login",
        params={"iss": "x", "login_hint": "7", "target_link_uri": "x"},
        allow_redirects=False,
    )

    cookies = asked.raw.headers.getlist("Set-Cookie")
    assert len([one for one in cookies if "lti13" in one]) == 2
    assert all("SameSite=None" in one and "Secure" in one for one in cookies if "lti13" in one)


def test_who_is_not_in_the_class_does_not(launched: Lms):
    assert launched.launch("eve").status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example.org"},
        {"exp": 1},
        {"iat": 1},
        {"nonce": "of-another-time"},
        {f"{CLAIM}version": "1.1"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_message_that_is_not_for_this_launch_is_refused(launched: Lms, changes: dict[str, Any]):
    assert launched.launch("ada", **changes).status_code == 400


def test_a_message_for_another_tool_is_refused(launched: Lms):
    assert launched.launch("ada", aud="another-tool").status_code == 401


def test_a_message_that_the_lms_has_not_signed_is_refused(launched: Lms):
    assert launched.launch("ada", key=new_key()).status_code == 400


def test_a_message_in_another_browser_is_refused(launched: Lms):
    assert launched.launch("ada", cookies=False).status_code == 400
