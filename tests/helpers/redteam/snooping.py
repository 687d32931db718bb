"""Reading and writing what is not the student's (8, 9, 18, 24)."""

from redteam.hostile import attempts, trick

# Prints whatever it can read; what must not be known carries a mark that the test looks for.
LOOK = """
import glob, os
def show_all(*patterns):
    for pattern in patterns:
        for path in glob.glob(pattern, recursive=True, include_hidden=True):
            try:
                with open(path, "rb") as file:
                    print(path, file.read(300_000))
            except OSError as error:
                print(path, error.strerror)
"""

WRITE = """
import os, sys, numpy
def write(path):
    with open(path, "ab") as file:
        file.write(b"owned")
"""

SOLVE = """
show_all("$root/solutions/**", "../../**", "../../../solutions/**")
for path in glob.glob("$root/solutions/*/*"):
    exec(open(path).read())
"""

PATHS = (
    "'$root/classroom/gradebook.db'",
    "'$root/owned'",
    "'/owned'",
    "'/usr/owned'",
    "'/etc/owned'",
    "numpy.__file__",
    "sys.prefix + '/owned'",
    "sys.executable",
    "'/proc/sys/kernel/core_pattern'",
    "'/proc/sys/user/max_user_namespaces'",
    "'/proc/sysrq-trigger'",
    "'/proc/self/uid_map'",
)

SNOOPING = [
    trick("reads_the_solution", 8, LOOK + SOLVE),
    trick(
        "reads_the_gradebook",
        9,
        LOOK + "show_all('$root/classroom/*', '/proc/*/cwd/classroom/*', '/proc/*/root/$root/*/*')",
    ),
    trick(
        "reads_other_students",
        24,
        LOOK + "show_all('$root/classroom/*/*/*/*', '/tmp/**', '/var/tmp/**')",
    ),
    trick("reads_home", 24, LOOK + "show_all('$home/**', '/root/*', '/home/**', '~/**')"),
    trick(
        "reads_environments",
        18,
        LOOK + "show_all('/proc/*/environ', '/proc/*/task/*/environ')\nprint(dict(os.environ))",
    ),
    trick(
        "reads_descriptors",
        24,
        LOOK + "show_all('/proc/*/maps', '/proc/*/mountinfo', '/dev/fd/*', '/proc/*/cmdline')",
    ),
    attempts(
        "writes_everywhere",
        9,
        WRITE,
        *(f"write({path})" for path in PATHS),
        "os.chmod('/usr', 0o777)",
        "os.link(sys.executable, '/tmp/python')",
        "os.mknod('/tmp/device', 0o60666, os.makedev(8, 0))",
        "os.utime(numpy.__file__)",
    ),
]
