"""The numbers of the system calls that a policy may name, on x86-64 and on 64-bit ARM.

They are part of the kernel's promise to programs and never change; ``-`` says that a machine has
no such call. What stands in no group here is known to no policy, and so is refused.
"""

_GROUPS = {
    "files": """
    read 0 63, write 1 64, readv 19 65, writev 20 66, pread64 17 67, pwrite64 18 68, preadv 295 69,
    pwritev 296 70, preadv2 327 286, pwritev2 328 287, lseek 8 62, open 2 -, openat 257 56,
    openat2 437 437, creat 85 -, close 3 57, close_range 436 436, dup 32 23, dup2 33 -, dup3 292 24,
    fcntl 72 25, ioctl 16 29, stat 4 -, fstat 5 80, lstat 6 -, newfstatat 262 79, statx 332 291,
    statfs 137 43, fstatfs 138 44, access 21 -, faccessat 269 48, faccessat2 439 439, readlink 89 -,
    readlinkat 267 78, getdents 78 -, getdents64 217 61, getcwd 79 17, chdir 80 49, fchdir 81 50,
    umask 95 166, mkdir 83 -, mkdirat 258 34, rmdir 84 -, unlink 87 -, unlinkat 263 35, rename 82 -,
    renameat 264 38, renameat2 316 276, link 86 -, linkat 265 37, symlink 88 -, symlinkat 266 36,
    mknod 133 -, mknodat 259 33, chmod 90 -, fchmod 91 52, fchmodat 268 53, fchmodat2 452 452,
    chown 92 -, fchown 93 55, lchown 94 -, fchownat 260 54, truncate 76 45, ftruncate 77 46,
    fallocate 285 47, utime 132 -, utimes 235 -, utimensat 280 88, futimesat 261 -,
    copy_file_range 326 285, fadvise64 221 223, getxattr 191 8, lgetxattr 192 9, fgetxattr 193 10,
    listxattr 194 11, llistxattr 195 12, flistxattr 196 13
    """,
    "waiting": """
    poll 7 -, ppoll 271 73, select 23 -, pselect6 270 72, epoll_create 213 -, epoll_create1 291 20,
    epoll_ctl 233 21, epoll_wait 232 -, epoll_pwait 281 22, epoll_pwait2 441 441, eventfd 284 -,
    eventfd2 290 19, timerfd_create 283 85, timerfd_settime 286 86, timerfd_gettime 287 87,
    signalfd 282 -, signalfd4 289 74, pipe 22 -, pipe2 293 59
    """,
    "meeting": """
    socket 41 198, bind 49 200, connect 42 203, listen 50 201, accept 43 202, accept4 288 242
    """,
    "sockets": """
    socketpair 53 199, getsockname 51 204, getpeername 52 205, getsockopt 55 209, shutdown 48 210,
    sendto 44 206, recvfrom 45 207, sendmsg 46 211, recvmsg 47 212, sendmmsg 307 269,
    recvmmsg 299 243
    """,
    "memory": """
    brk 12 214, mmap 9 222, munmap 11 215, mremap 25 216, mprotect 10 226, madvise 28 233,
    get_mempolicy 239 236, mbind 237 235, set_mempolicy 238 237, pkey_alloc 330 289,
    pkey_free 331 290, pkey_mprotect 329 288, map_shadow_stack 453 453
    """,
    "threads": """
    futex 202 98, futex_waitv 449 449, futex_wake 454 454, futex_wait 455 455,
    futex_requeue 456 456, set_robust_list 273 99, get_robust_list 274 100, set_tid_address 218 96,
    rseq 334 293, membarrier 324 283, sched_yield 24 124, sched_getaffinity 204 123,
    sched_setaffinity 203 122, sched_getparam 143 121, sched_getscheduler 145 120,
    sched_get_priority_max 146 125, sched_get_priority_min 147 126, sched_rr_get_interval 148 127,
    getcpu 309 168, arch_prctl 158 -, gettid 186 178
    """,
    "starting": """
    clone 56 220, clone3 435 435, fork 57 -, vfork 58 -, execve 59 221, execveat 322 281
    """,
    "processes": """
    exit 60 93, exit_group 231 94, wait4 61 260, waitid 247 95, getpid 39 172, getppid 110 173,
    getpgrp 111 -, getpgid 121 155, setpgid 109 154, getsid 124 156, pidfd_open 434 434,
    getuid 102 174, geteuid 107 175, getgid 104 176, getegid 108 177, getresuid 118 148,
    getresgid 120 150, getgroups 115 158, getrlimit 97 163, setrlimit 160 164, prlimit64 302 261,
    getrusage 98 165, getpriority 140 141, prctl 157 167, capget 125 90
    """,
    "signals": """
    rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, rt_sigpending 127 136,
    rt_sigsuspend 130 133, rt_sigtimedwait 128 137, sigaltstack 131 132,
    pause 34 -, alarm 37 -, getitimer 36 102, setitimer 38 103, restart_syscall 219 128
    """,
    "acting on others": """
    setpriority 141 140, kill 62 129, tkill 200 130, tgkill 234 131, pidfd_send_signal 424 424,
    rt_sigqueueinfo 129 138, rt_tgsigqueueinfo 297 240
    """,
    "time": """
    time 201 -, gettimeofday 96 169, clock_gettime 228 113, clock_getres 229 114,
    clock_nanosleep 230 115, nanosleep 35 101, times 100 153
    """,
    "system": """
    uname 63 160, sysinfo 99 179, getrandom 318 278
    """,
    "flushing": """
    fsync 74 82, fdatasync 75 83, msync 26 227, sync_file_range 277 84
    """,
    "moving": """
    sendfile 40 71, splice 275 76, tee 276 77, vmsplice 278 75
    """,
}

Numbers = tuple[int | None, int | None]


def _read(group: str) -> dict[str, Numbers]:
    rows = (row.split() for row in group.split(","))
    return {name: (_number(x86), _number(arm)) for name, x86, arm in rows}


def _number(text: str) -> int | None:
    return None if text == "-" else int(text)


GROUPS: dict[str, dict[str, Numbers]] = {name: _read(group) for name, group in _GROUPS.items()}
NUMBERS: dict[str, Numbers] = {
    name: numbers for group in GROUPS.values() for name, numbers in group.items()
}
# A later kernel's calls are above it: programs have to find them missing and do without.
NEWEST = max(number for numbers in NUMBERS.values() for number in numbers if number is not None)
