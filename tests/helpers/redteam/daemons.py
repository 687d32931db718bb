"""What wants to stay behind, to answer from outside, or to end in an odd way (9, 21)."""

from redteam.hostile import trick

# A child of a child, of its own session where it may be, with a name that tells it from others.
DAEMON = """
import contextlib, ctypes, os, time
if os.fork() == 0:
    with contextlib.suppress(OSError):
        os.setsid()
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(15, b"$comm", 0, 0, 0)
        while True:
            time.sleep(0.02)
            for deed in (forge, answer):
                try:
                    deed()
                except OSError:
                    pass
    os._exit(0)
"""

FORGE = """
def forge():
    with open("$root/classroom/gradebook.db", "ab") as file:
        file.write(b"owned")
"""

ANSWER = """
import os
def answer():
    for number in range(3, 16):
        try:
            os.write(number, bytes([0, 0, 0, 12]) + b'{"value": 9}')
        except OSError:
            pass
"""

DAEMONS = [
    trick("daemon", 21, FORGE + "answer = forge" + DAEMON),
    trick("daemon_that_answers", 21, FORGE + ANSWER + DAEMON, keeps=False),
    trick(
        "thread_that_answers",
        21,
        f"""{ANSWER}
import threading, time
def work():
    while True:
        time.sleep(0.01)
        answer()
threading.Thread(target=work, daemon=True).start()""",
        keeps=False,
    ),
    trick("exits_in_a_cell", 0, "import os\nos._exit(0)", keeps=False),
    trick("exits_in_a_call", 0, "import os\ndef square(x):\n    os._exit(0)", keeps=False),
    trick("exits_politely", 0, "import sys\ndef square(x):\n    sys.exit(0)"),
    trick("interrupts_itself", 0, "def square(x):\n    raise KeyboardInterrupt"),
    trick("ends_the_generator", 0, "def square(x):\n    raise GeneratorExit"),
    trick("crashes", 0, "import ctypes\nctypes.string_at(0)", keeps=False),
    trick(
        "signals",
        0,
        """
        import os, signal
        for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
            for target in (os.getppid(), 0, -1, -os.getpgrp(), 1, 2):
                try:
                    os.kill(target, number)
                except OSError:
                    pass""",
        keeps=False,
    ),
    trick(
        "signals_from_a_child",
        0,
        """
        import os
        if os.fork() == 0:
            while True:
                for number in (2, 9, 15, 19):
                    for target in (0, -1, 1):
                        try:
                            os.kill(target, number)
                        except OSError:
                            pass""",
        keeps=False,
    ),
    trick(
        "slows_others",
        0,
        """
        import os
        for kind in (os.PRIO_PROCESS, os.PRIO_PGRP, os.PRIO_USER):
            try:
                os.setpriority(kind, 0, 19)
            except OSError:
                pass""",
    ),
]
