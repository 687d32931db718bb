"""Bombs: too much memory, time, disk, too many processes (20)."""

from redteam.hostile import trick

# More than a session may have, held by several processes together for a moment.
HELD = """
import os, time
def hold(get, processes=5):
    begun = time.monotonic()
    children = []
    for _ in range(processes):
        child = os.fork()
        if child == 0:
            try:
                kept = get()
                time.sleep(max(0, begun + 1.2 - time.monotonic()))
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    if not any(ends):
        print("brea" + "ched: held more memory than a session may have")
"""

SHARED = """
import mmap
def get():
    memory = mmap.mmap(-1, $part)
    for page in range(0, $part, 4096):
        memory[page] = 1
    return memory
hold(get)"""

MEMORY_FILES = """
def get():
    files = [os.memfd_create("x") for _ in range(4)]
    for file in files:
        for _ in range($part // 4 // 2**20):
            os.write(file, bytes(2**20))
    return files
hold(get)"""

SYSTEM_V = """
import ctypes
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
def get():
    memory = libc.shmget(0, ctypes.c_size_t($part), 0o1600)
    place = libc.shmat(memory, None, 0)
    ctypes.memset(place, 1, $part)
hold(get)"""

# A process has 29 MB in its sockets at most, and none of it is in its own memory. Each is a program
# anew: what is shared with the session's own memory would count for each of them.
SOCKETS = """
import sys
PROGRAM = '''
import socket, time
pairs = [socket.socketpair() for _ in range(58)]
for line in (line for pair in pairs for line in pair):
    line.setblocking(False)
    try:
        while True:
            line.send(bytes(2**16))
    except BlockingIOError:
        pass
time.sleep(1)
'''
def get():
    os.execv(sys.executable, [sys.executable, "-I", "-S", "-c", PROGRAM])
hold(get, 22)"""

# Pages that its memory forgets, and the kernel does not.
FORGOTTEN = """
import mmap
def get():
    memory = mmap.mmap(-1, $part)
    for start in range(0, $part - 2**20, 2**20):
        memory[start : start + 2**20] = bytes(2**20)
        memory.madvise(mmap.MADV_DONTNEED)
    return memory
hold(get)"""

MEMORY = [
    trick("memory_bomb", 20, "x = [1]\nwhile True:\n    x = x + x", keeps=False),
    trick("one_large_array", 20, "import numpy as np\nnp.ones(10**12)"),
    trick("shared_memory_bomb", 20, HELD + SHARED, keeps=False),
    trick("forgotten_memory_bomb", 20, HELD + FORGOTTEN, keeps=False),
    trick("socket_bomb", 20, HELD + SOCKETS, keeps=False),
    trick("memory_file_bomb", 20, HELD + MEMORY_FILES, keeps=False),
    trick("system_v_bomb", 20, HELD + SYSTEM_V, keeps=False),
]

TIME = [
    trick("endless_cell", 20, "while True:\n    pass"),
    trick("endless_c_call", 20, "sum(range(10**15))", keeps=False),
    trick("endless_regex", 20, "import re\nre.match('(a*)*b', 'a' * 64)"),
    trick("large_power", 20, "9 ** 9 ** 9", keeps=False),
    trick("endless_call", 20, "def square(x):\n    while True:\n        pass", keeps=False),
    trick("endless_length", 20, "def square(x):\n    return range(10**18)"),
    trick(
        "endless_recursion",
        20,
        """
        import sys
        sys.setrecursionlimit(10**9)
        def square(x):
            return square(x)""",
        keeps=False,
    ),
    trick(
        "deaf_to_interrupts",
        20,
        """
        import signal
        for number in (2, 14, 15, 24):
            signal.signal(number, signal.SIG_IGN)
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass""",
        keeps=False,
    ),
]

NUMBERS = [
    trick(
        "fork_bomb",
        20,
        """
        import ctypes, os
        ctypes.CDLL(None).prctl(15, b"$comm", 0, 0, 0)
        while True:
            try:
                os.fork()
            except OSError:
                pass""",
        keeps=False,
    ),
    trick(
        "thread_bomb",
        20,
        """
        import threading, time
        while True:
            threading.Thread(target=time.sleep, args=(999,)).start()""",
        keeps=False,
    ),
    trick(
        "disk_filler",
        20,
        """
        with open("/tmp/full", "wb") as file:
            while True:
                file.write(bytes(2**20))""",
    ),
    trick(
        "many_files",
        20,
        """
        number = 0
        while True:
            open(f"/tmp/{number}", "w").close()
            number += 1""",
    ),
    trick(
        "deep_folders",
        20,
        """
        import os
        while True:
            os.mkdir("d")
            os.chdir("d")""",
        keeps=False,
    ),
    trick(
        "many_descriptors",
        20,
        """
        import os
        while True:
            os.dup(0)""",
        keeps=False,
    ),
    trick(
        "many_pipes",
        20,
        """
        import os
        while True:
            for end in os.pipe():
                os.set_blocking(end, False)
            os.write(end, bytes(2**16))""",
        keeps=False,
    ),
]

BOMBS = [*MEMORY, *TIME, *NUMBERS]
