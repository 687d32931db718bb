"""Ways out of the session through the kernel and the network (19, and our own)."""

from redteam.hostile import attempts

LIBC = """
import ctypes, os, platform, resource
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    given = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in arguments]
    result = getattr(libc, name)(*given)
    if result == -1:
        raise OSError(ctypes.get_errno(), name)
    return result
"""

CONNECT = """
import socket
def connect(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as line:
        line.settimeout(1)
        line.connect(address)
        line.sendall(b"hello")
"""

KEYS = """
number = {"x86_64": 250, "aarch64": 219}[platform.machine()]
def read():
    key = call("syscall", number, 10, -3 % 2**64, b"user", b"$comm", 0)
    return call("syscall", number, 11, key, None, 0)
"""

FULL = """
header = (ctypes.c_uint32 * 2)(0x20080522, 0)
full = (ctypes.c_uint32 * 6)(*[2**32 - 1] * 6)
def unlimited(name):
    resource.setrlimit(getattr(resource, name), (resource.RLIM_INFINITY,) * 2)
"""

# Each call's number on x86-64 and on 64-bit ARM.
NUMBERS = """
def number(x86, arm):
    return {"x86_64": x86, "aarch64": arm}[platform.machine()]
read, write = os.pipe()
other = os.pipe()[1]
"""

ZERO = """
import mmap
def shared_zero():
    return mmap.mmap(os.open("/dev/zero", os.O_RDWR), 4096)
"""

QUEUED = """
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, [40])
def queue(count):
    told = (ctypes.c_int * 32)(40, 0, -1)
    for _ in range(count):
        call("syscall", number(129, 138), os.getpid(), 40, told)
"""

NAMESPACES = (0x10000000, 0x20000, 0x40000000, 0x20000000)
BOUNDS = ("RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_NOFILE")

KERNEL_CALLS = [
    attempts(
        "network",
        19,
        CONNECT,
        "connect(socket.AF_INET, ('127.0.0.1', $port))",
        "connect(socket.AF_INET6, ('::1', $port))",
        "connect(socket.AF_INET, ('10.0.0.1', 80))",
        "connect(socket.AF_UNIX, '$listener')",
        "connect(socket.AF_UNIX, b'\\0' + b'$comm')",
        "socket.getaddrinfo('example.org', 80)",
        "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
        "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
    ),
    attempts("hypervisor", 19, CONNECT, "socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)"),
    attempts(
        "namespaces",
        0,
        LIBC,
        *(f"call('unshare', {flag})" for flag in NAMESPACES),
        "call('setns', os.open('/proc/1/ns/mnt', 0), 0)",
        "call('mount', b'none', b'/tmp', b'tmpfs', 0, None)",
        "call('mount', b'none', b'/', None, 4128, None)",
        "call('umount2', b'/proc', 2)",
        "call('umount2', b'/tmp', 2)",
        "os.chroot('/tmp')",
        "call('sethostname', b'owned', 5)",
    ),
    attempts(
        "capabilities",
        0,
        LIBC + FULL,
        "call('capset', header, full)",
        "call('prctl', 47, 2, 21, 0, 0)",
        "call('prctl', 28, 63, 0, 0, 0)",
        "call('prctl', 38, 0, 0, 0, 0)",
        "os.setuid(0)",
        "os.setresuid(0, 0, 0)",
        "os.setuid(65534)",
        "os.setgid(0)",
        "os.setgroups([0])",
        "os.nice(-5)",
        "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))",
        *(f"unlimited('{bound}')" for bound in BOUNDS),
    ),
    attempts(
        "debugger",
        0,
        LIBC,
        "call('ptrace', 16, 1, 0, 0)",
        "call('ptrace', 16, os.getppid(), 0, 0)",
        "os.pidfd_open(os.getppid())",
        "os.pidfd_open(2)",
        "open('/dev/mem', 'rb')",
        "open('/dev/kmsg', 'rb')",
        "open('/proc/kcore', 'rb').read(1)",
        "call('bpf', 0, 0, 0)",
    ),
    attempts("keys", 0, LIBC + KEYS, "read()"),
    attempts(
        "more_than_its_share",
        0,
        "import socket, subprocess",
        "subprocess.run(['/bin/true'], start_new_session=True)",
        "socket.socketpair()[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**22)",
    ),
    attempts(
        "memory_of_nobody",
        0,
        LIBC + NUMBERS + ZERO,
        "mmap.mmap(-1, 4096)",
        "shared_zero()",
        "call('syscall', number(278, 75), write, (ctypes.c_size_t * 2)(id(libc), 8), 1, 0)",
        "call('syscall', number(276, 77), read, other, 1, 2)",
        "os.splice(read, other, 1, flags=2)",
        "os.sendfile(write, os.open(os.__file__, 0), 0, 1)",
        "os.memfd_create('x')",
    ),
    attempts(
        "counted_for_the_machine",
        0,
        LIBC + NUMBERS + QUEUED,
        "call('syscall', number(206, 0), 64, (ctypes.c_ulong * 1)())",
        "call('inotify_init')",
        "call('inotify_init1', 0)",
        "call('fanotify_init', 0, 0)",
        "call('syscall', number(222, 107), 1, None, (ctypes.c_int * 1)())",
        "queue(5000)",
    ),
    attempts(
        "word_to_another_session",
        0,
        LIBC + "import fcntl\nlibrary = open(os.__file__)",
        "fcntl.flock(library, fcntl.LOCK_SH)",
        "fcntl.fcntl(library, 1024, 0)",
        "fcntl.fcntl(os.open(os.path.dirname(os.__file__), 0), 1026, 1)",
        "os.posix_fadvise(library.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)",
        "call('syncfs', library.fileno())",
        "call('name_to_handle_at', library.fileno(), b'', None, None, 0x1000)",
        "call('mincore', 0, 4096, None)",
    ),
]
