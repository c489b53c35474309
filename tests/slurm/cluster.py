"""A Slurm cluster of two nodes on this host, without systemd: every file in one folder, every port free.

All processes of it are known by the folder, in their environment or among their files. (slurmstepd writes its title
over its environment.) A guard ends them and removes the folder when this
process closes it, or dies in whatever way.
"""

import ctypes
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PATIENCE = 60.0
NODES = ("n1", "n2")
DAEMONS = ("munged", "slurmctld", "slurmd")

CONF = """\
ClusterName=joust
SlurmctldHost={host}
SlurmctldPort={ports[0]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock
CryptoType=crypto/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/log/slurmctld
SlurmdLogFile={folder}/log/%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1
ReturnToService=2
SlurmdTimeout=6
SlurmctldTimeout=10
MpiDefault=none
JobRequeue=1
KillWait=10
MaxArraySize=51
NodeName={nodes[0]} NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=1 State=UNKNOWN
NodeName={nodes[1]} NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=1 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def find_program(name):
    path = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin"
    return shutil.which(name, path=path)


def missing_programs():
    return [name for name in (*DAEMONS, "sbatch") if find_program(name) is None]


def until(condition, what, patience=PATIENCE, pause=0.1):
    """Looks again and again; the first value that counts as true. AssertionError when none comes."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= end:
            raise AssertionError(f"did not come within {patience:g} s: {what() if callable(what) else what}")
        time.sleep(pause)


def traces_of(process):
    """A process's environment, its working directory and the names of its open files; nothing when it has ended."""
    try:
        links = [os.readlink(link) for link in (process / "cwd", *(process / "fd").iterdir())]
        return (process / "environ").read_bytes() + os.fsencode("\0" + "\0".join(links))
    except OSError:  # it ended, or is another user's
        return b""


def processes_with(*texts):
    """Live processes, but this one, that have all of these in their traces."""
    found = []
    for process in pathlib.Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            traces = traces_of(process)
            if all(text.encode() in traces for text in texts):
                found.append(int(process.name))
    return found


def end_processes(*texts, patience=20.0):
    """Kills them until none is left."""

    def none_left():
        found = processes_with(*texts)
        for process in found:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        return not found

    until(none_left, f"the end of the processes with {texts}", patience)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def adopt_orphans():
    """Daemons leave their parent: from now on they are this process's children, which it has to reap."""
    set_child_subreaper = 36
    if ctypes.CDLL(None, use_errno=True).prctl(set_child_subreaper, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def reap_all():
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        pass


class Cluster:
    def __init__(self):
        adopt_orphans()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="joust-slurm-"))
        self.guard = subprocess.Popen(
            [sys.executable, "-B", __file__, str(self.folder)], stdin=subprocess.PIPE, start_new_session=True
        )
        self.environment = {
            **os.environ,
            "SLURM_CONF": str(self.folder / "slurm.conf"),
        }
        try:
            self.begin()
        except BaseException:
            self.close()
            raise

    def begin(self):
        for name in ("state", "spool", "log"):
            (self.folder / name).mkdir()
        key = self.folder / "key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
        self.folder.joinpath("slurm.conf").write_text(
            CONF.format(host=socket.gethostname().split(".")[0], ports=free_ports(3), user=user,
                        folder=self.folder, nodes=NODES)
        )
        munge = [f"--{name}={self.folder / file}" for name, file in
                 (("socket", "munge.sock"), ("key-file", "key"), ("pid-file", "munged.pid"),
                  ("log-file", "log/munged"), ("seed-file", "seed"))]
        self.start("munged", "--force", *munge)
        self.start("slurmctld", "-f", self.environment["SLURM_CONF"])
        for node in NODES:
            self.start_node(node)
        until(lambda: self.states() == ["idle", "idle"], lambda: f"two idle nodes: {self.logs()}")

    def start(self, program, *arguments):
        done = subprocess.run(
            [find_program(program), *arguments], env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=PATIENCE, check=False
        )
        if done.returncode != 0:
            raise AssertionError(f"{program} did not start: {done.stderr}")

    def start_node(self, node):
        self.start("slurmd", "-N", node, "-f", self.environment["SLURM_CONF"])

    def kill_node(self, node):
        """As if its power were cut: slurmd, the steps and whatever they run."""
        end_processes(f"{self.folder}/log/{node}")
        end_processes(str(self.folder), f"SLURMD_NODENAME={node}")

    def run(self, *words, check=True):
        done = subprocess.run(words, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=PATIENCE, check=False)
        if check and done.returncode != 0:
            raise AssertionError(f"{words}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def states(self):
        return sorted(self.run("sinfo", "--noheader", "--Node", "--format=%t", check=False).stdout.split())

    def queue(self):
        """Job and element -> state."""
        lines = self.run("squeue", "--noheader", "--array", "--format=%F_%K %T").stdout.splitlines()
        return dict(line.split() for line in lines)

    def start_now(self, job):
        """Slurm lets a job that was requeued wait for two minutes. One that begins just now is none of its errors."""
        self.run("scontrol", "update", f"JobId={job}", "StartTime=now", check=False)

    def logs(self):
        return "\n".join(f"{path.name}: {path.read_text(errors='replace')[-1500:]}"
                         for path in sorted((self.folder / "log").iterdir()))

    def close(self):
        self.guard.stdin.close()
        if self.guard.wait(PATIENCE) != 0:
            raise AssertionError("the guard could not end the cluster")
        reap_all()


def guard(folder):
    """Waits for the end of who started it, then ends the cluster."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    sys.stdin.buffer.read()
    end_processes(folder)

    def is_removed():  # workers of tournaments that were killed may still write their last words
        shutil.rmtree(folder, ignore_errors=True)
        return not os.path.exists(folder)

    until(is_removed, f"the end of {folder}")


if __name__ == "__main__":
    guard(sys.argv[1])
