"""The hub on Kubernetes, as far as it can be told without a cluster."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import kubernetes_validate
import pytest
import yaml

from grader.deploy import Hub, HubCourse, lock
from grader.deploy.kubernetes import __main__ as steps
from grader.deploy.pod_users import uid_of
from grader.deploy.roles import roles
from grader.errors import SandboxMissing

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "grader" / "deploy" / "kubernetes"
VALUES = yaml.safe_load((FOLDER / "values.yaml").read_text())
MANIFESTS = list(yaml.safe_load_all((FOLDER / "grader.yaml").read_text()))
GUIDE = (ROOT / "docs" / "administrators.md").read_text()
IMAGE = "REGISTRY.EXAMPLE.ORG/linbias:0.1.0"

# What values.yaml may set: names that the chart's values.schema.yaml has in version 4.4.0 (the
# chart's licence is BSD-3-Clause). Below a name with * the chart takes anything.
_NAMES = """
cull.enabled cull.every cull.timeout hub.config.* hub.db.type hub.db.url hub.existingSecret
hub.extraConfig.* hub.loadRoles.* hub.resources.* hub.services.* prePuller.continuous.enabled
prePuller.hook.enabled proxy.https.enabled proxy.https.hosts
proxy.https.letsencrypt.contactEmail singleuser.allowPrivilegeEscalation singleuser.cmd
singleuser.cpu.guarantee singleuser.cpu.limit singleuser.defaultUrl singleuser.extraEnv.*
singleuser.fsGid singleuser.image.name singleuser.image.tag singleuser.memory.guarantee
singleuser.memory.limit singleuser.networkPolicy.egressAllowRules.cloudMetadataServer
singleuser.networkPolicy.egressAllowRules.nonPrivateIPs
singleuser.networkPolicy.egressAllowRules.privateIPs singleuser.networkPolicy.enabled
singleuser.storage.capacity singleuser.storage.extraVolumeMounts.*
singleuser.storage.extraVolumes.* singleuser.storage.homeMountPath
"""
CHART = _NAMES.split()
FREE = tuple(name.removesuffix("*") for name in CHART if name.endswith("*"))


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give each value that is no mapping, with the names that lead to it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}" if path else str(name))
    else:
        yield path, value


def named(kind: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in MANIFESTS if one["kind"] == kind}


PODS = {
    name: one["spec"]["template"]
    for kind in ("Deployment", "StatefulSet")
    for name, one in named(kind).items()
}
CONTAINERS = [
    pytest.param(pod, one, id=f"{pod}-{one['name']}")
    for pod, template in PODS.items()
    for part in ("initContainers", "containers")
    for one in template["spec"].get(part, [])
]


def test_every_value_has_a_name_that_the_chart_knows():
    unknown = [
        path for path, _ in leaves(VALUES) if path not in CHART and not path.startswith(FREE)
    ]

    assert unknown == []


@pytest.mark.parametrize("version", ["1.33", "1.37"])
@pytest.mark.parametrize(
    "one", MANIFESTS, ids=lambda one: f"{one['kind']}-{one['metadata']['name']}"
)
def test_every_manifest_is_what_kubernetes_takes(one: dict[str, Any], version: str):
    kubernetes_validate.validate(one, version, strict=True)


SECRET = re.compile(r"passw|token|secret|private.?key", re.IGNORECASE)


def test_no_file_holds_a_secret():
    told = [(path, value) for path, value in leaves(VALUES) if SECRET.search(path) and value]
    assert told == [("hub.existingSecret", "hub-database")]
    assert "@postgres" in VALUES["hub"]["db"]["url"]
    assert ":" not in VALUES["hub"]["db"]["url"].split("//")[1].split("@")[0]


@pytest.mark.parametrize(("pod", "one"), CONTAINERS)
def test_no_container_is_given_a_secret_by_its_value(pod: str, one: dict[str, Any]):
    secrets = [env for env in one.get("env", []) if SECRET.search(env["name"])]

    assert all("valueFrom" in env or env["name"].endswith("_FILE") for env in secrets)


def test_every_secret_that_is_asked_for_is_made_by_the_chart_or_told_in_the_guide():
    text = (FOLDER / "grader.yaml").read_text() + (FOLDER / "values.yaml").read_text()
    names = set(
        re.findall(r"(?:secretKeyRef: {name: |existingSecret: |secret:\n\s+name: )([\w-]+)", text)
    )

    assert names == {"hub", "hub-database", "linbias"}
    for name in names - {"hub"}:
        assert f"kubectl create secret generic {name} " in GUIDE


def test_every_service_of_the_hub_has_its_role_and_roles_are_those_of_one_server():
    hub = Hub(Path("/srv/hub"), [HubCourse("linbias", Path("/srv/course"), [])])
    here = {one["name"]: one for one in roles(hub)}

    assert set(VALUES["hub"]["services"]) == {"linbias"}
    assert set(VALUES["hub"]["loadRoles"]) == {"server", "formgrade-linbias"}
    for name, role in VALUES["hub"]["loadRoles"].items():
        assert role["scopes"] == here[name]["scopes"]
        assert role.get("groups") == here[name].get("groups")
    assert set(VALUES["hub"]["config"]["JupyterHub"]["load_groups"]) == {"formgrade-linbias"}


def test_the_services_pod_answers_where_the_hub_looks_for_it():
    env = {one["name"]: one.get("value") for one in container("grader", "formgrader")["env"]}
    service = named("Service")["grader"]["spec"]

    assert VALUES["hub"]["services"]["linbias"]["url"] == "http://grader:8888"
    assert service["ports"][0]["port"] == 8888
    assert env["JUPYTERHUB_SERVICE_URL"] == "http://0.0.0.0:8888/services/linbias/"
    assert json.loads(env["JUPYTERHUB_OAUTH_ACCESS_SCOPES"] or "") == [
        "access:services!service=linbias"
    ]


def container(pod: str, name: str) -> dict[str, Any]:
    (found,) = [one for one in PODS[pod]["spec"]["containers"] if one["name"] == name]
    return found


def test_the_hub_gives_each_student_the_user_id_that_the_grader_expects():
    c = SimpleNamespace(KubeSpawner=SimpleNamespace())
    exec(VALUES["hub"]["extraConfig"]["user-ids"], {"c": c})

    for name in ("ada", "ben", "ünal@example.org"):
        assert c.KubeSpawner.uid(SimpleNamespace(user=SimpleNamespace(name=name))) == uid_of(name)
    assert 100_000 <= uid_of("ada") < 2**31


@pytest.mark.parametrize(("pod", "one"), CONTAINERS)
def test_every_container_is_bounded_and_may_nothing_special(pod: str, one: dict[str, Any]):
    assert one["resources"]["limits"]["memory"]
    assert one["resources"]["requests"]
    assert one["securityContext"]["allowPrivilegeEscalation"] is False
    assert one["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert PODS[pod]["spec"]["securityContext"]["runAsNonRoot"] is True
    assert PODS[pod]["spec"]["automountServiceAccountToken"] is False


@pytest.mark.parametrize(
    ("pod", "name"), [("grader", "formgrader"), ("grader", "watch"), ("dask-worker", "worker")]
)
def test_where_students_code_runs_sessions_can_be_locked(pod: str, name: str):
    spec = PODS[pod]["spec"]

    assert spec["hostUsers"] is False
    assert spec["securityContext"]["seccompProfile"] == {"type": "Unconfined"}
    assert spec["securityContext"]["appArmorProfile"] == {"type": "Unconfined"}
    assert container(pod, name)["securityContext"]["procMount"] == "Unmasked"


@pytest.mark.parametrize("pod", sorted(set(PODS) - {"grader", "dask-worker"}))
def test_where_none_runs_the_runtimes_own_profile_holds(pod: str):
    assert PODS[pod]["spec"]["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}


@pytest.mark.parametrize("pod", PODS)
def test_every_pod_is_behind_a_network_policy(pod: str):
    policy = named("NetworkPolicy")[pod]["spec"]

    assert policy["podSelector"]["matchLabels"].items() <= PODS[pod]["metadata"]["labels"].items()
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert all(rule.get("from") for rule in policy["ingress"])


def test_a_students_pod_reaches_no_pod_but_the_hubs_and_nothing_of_the_course():
    singleuser = VALUES["singleuser"]

    assert singleuser["networkPolicy"]["egressAllowRules"]["privateIPs"] is False
    assert singleuser["networkPolicy"]["egressAllowRules"]["cloudMetadataServer"] is False
    assert list(singleuser["storage"]["extraVolumes"]) == ["exchange"]
    assert singleuser["storage"]["extraVolumeMounts"]["exchange"]["subPath"] == "exchange"
    assert singleuser["allowPrivilegeEscalation"] is False


def test_all_pods_of_ours_have_the_same_image():
    image = VALUES["singleuser"]["image"]
    ours = {one["image"] for param in CONTAINERS for one in [param.values[1]]}

    assert f"{image['name']}:{image['tag']}" == IMAGE
    assert ours == {IMAGE, "docker.io/library/postgres:17"}
    assert IMAGE in (FOLDER / "Dockerfile").read_text()


# The image


def test_the_image_gets_the_packages_and_no_solutions():
    lines = (FOLDER / "Dockerfile").read_text().splitlines()
    copied = [word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]]

    assert all((ROOT / name).exists() for name in copied)
    assert {"linbias", "grader", "constraints.txt"} <= set(copied)
    assert not {".", "solutions", "notebooks", "tests", "classroom"} & set(copied)


def test_the_image_is_made_by_the_script_for_the_hub_of_the_chart():
    docker, script = ((FOLDER / name).read_text() for name in ("Dockerfile", "image.sh"))

    assert "RUN sh /srv/linbias/grader/deploy/kubernetes/image.sh\n" in docker
    (version,) = re.findall(r"ARG JUPYTERHUB=(\S+)", docker)
    assert f"${{JUPYTERHUB:-{version}}}" in script


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root folder in which the script has run, but for the installation."""
    root = tmp_path_factory.mktemp("image")
    python = root / "opt" / "linbias" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    for _ in range(2):  # a second run changes nothing
        subprocess.run(
            ["sh", str(FOLDER / "image.sh")],
            env={"PATH": os.environ["PATH"], "ROOT": str(root), "STEPS": "settings users"},
            check=True,
        )
    return root


def test_in_the_image_students_see_their_tools_and_the_exchange(image: Path):
    member = image / "srv/hub/jupyter/member"
    assert VALUES["singleuser"]["extraEnv"]["JUPYTER_CONFIG_PATH"] == "/srv/hub/jupyter/member"
    nbgrader = json.loads((member / "nbgrader_config.json").read_text())
    page = json.loads((member / "labconfig" / "page_config.json").read_text())

    mount = VALUES["singleuser"]["storage"]["extraVolumeMounts"]["exchange"]
    assert nbgrader["Exchange"]["root"] == mount["mountPath"]
    assert page["disabledExtensions"]["@jupyter/nbgrader:formgrader"] is True
    assert page["disabledExtensions"]["@jupyter/nbgrader:assignment-list"] is False
    assert (
        'student_id = os.environ["JUPYTERHUB_USER"]' in (member / "nbgrader_config.py").read_text()
    )


def test_in_the_image_the_grader_has_the_same_exchange_and_a_name(image: Path):
    grader = json.loads((image / "srv/hub/jupyter/grader/nbgrader_config.json").read_text())
    users = [line.split(":") for line in (image / "etc/passwd").read_text().splitlines()]

    assert grader["Exchange"]["root"] == "/srv/shared/exchange"
    assert {user[0]: int(user[2]) for user in users} == {"jovyan": 1000, "grader": 2000}
    assert PODS["grader"]["spec"]["securityContext"]["runAsUser"] == 2000


def test_a_pod_that_cannot_lock_sessions_says_why_and_does_not_start(monkeypatch, capsys):
    def missing(*_: Any) -> None:
        raise SandboxMissing("A session cannot be locked on this machine: no user namespaces")

    monkeypatch.setattr(lock, "grade", missing)

    assert steps.main(["lock"]) == 2
    assert "no user namespaces" in capsys.readouterr().out


def test_a_pod_that_can_lock_sessions_says_so(capsys):
    assert steps.main(["lock"]) == 0
    assert capsys.readouterr().out == "Sessions can be locked here.\n"
