#!/usr/bin/env python3
"""Does what a page of the handbook says, in its order, as a user would who has the sources and a built joust.

    run_page.py --source FOLDER --bin FOLDER PAGE

A scratch folder gets a copy of tools/ and links to the rest of what a user has; `joust` is in PATH, and its Python
package where 'pip install --user' puts it. Exit code 0: everything that is not marked otherwise did what the page says.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from page import Block, logical_lines, read_page

COMMAND_LIMIT = 100  # seconds, for one command on a busy machine
MENTION = re.compile(r"`joust ([a-z]+)([^`]*)`")
OPTION = re.compile(r"--[a-z][a-z-]*")


class Shell:
    """Commands one by one; the folder and the variables that one leaves are those of the next."""

    def __init__(self, scratch: Path, environment: dict):
        self.folder = scratch
        self.environment = environment
        self.state = scratch.parent / "state"

    def run(self, command: str):
        """Exit code, or None when it took too long; and what it printed."""
        leave = f"trap 'pwd >{self.state}; env -0 >>{self.state}' EXIT\n"
        process = subprocess.Popen(
            ["/bin/bash", "-c", leave + command], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            output, _ = process.communicate(timeout=COMMAND_LIMIT)
            code = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            code = None
        if code is not None:
            self.keep_state()
        return code, output.decode(errors="replace")

    def keep_state(self) -> None:
        folder, _, variables = self.state.read_bytes().partition(b"\n")
        self.folder = Path(os.fsdecode(folder))
        pairs = (os.fsdecode(entry).partition("=") for entry in variables.split(b"\0") if entry)
        self.environment = {name: value for name, _, value in pairs}


def in_order(wanted: list, lines: list) -> str:
    """The first wanted line that is not there behind the ones before it; empty: all are."""
    rest = iter(line.rstrip() for line in lines)
    for line in wanted:
        if line.strip() and not any(each == line.rstrip() for each in rest):
            return line
    return ""


class Reader:
    """Follows a page."""

    def __init__(self, shell: Shell):
        self.shell = shell
        self.output = ""  # of the commands of the last block
        self.commands = 0
        self.errors: list = []

    def follow(self, block: Block) -> bool:
        """False: there is no sense in going on."""
        if block.not_run:
            return True
        if block.file:
            file = self.shell.folder / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
            return True
        if block.printed:
            missing = in_order(block.text.splitlines(), self.output.splitlines())
            if missing:
                self.errors.append(f"line {block.line}: not printed, or not in this order: {missing}\n"
                                   f"what was printed:\n{self.output}")
            return True
        return self.type_in(block)

    def type_in(self, block: Block) -> bool:
        self.output = ""
        commands = logical_lines(block.text)
        for number, command in enumerate(commands, 1):
            code, output = self.shell.run(command)
            self.output += output
            self.commands += 1
            wanted = block.exits if number == len(commands) else 0
            if code != wanted:
                how = f"took over {COMMAND_LIMIT} s" if code is None else f"ended with {code} and not {wanted}"
                self.errors.append(f"line {block.line}: '{command}' {how}; it printed:\n{output}")
                return False
        return True


def check_mentions(prose: list, joust: Path) -> list:
    """Commands of joust that the text speaks of, such as `joust report DIR --format text`: there are such commands, and
    they have such options."""
    errors = []
    helps: dict = {}
    for line, text in prose:
        for command, rest in MENTION.findall(text):
            if command not in helps:
                asked = subprocess.run([str(joust), command, "--help"], capture_output=True, check=False, text=True,
                                       timeout=COMMAND_LIMIT)
                helps[command] = set(OPTION.findall(asked.stdout)) if asked.returncode == 0 else None
            known = helps[command]
            if known is None:
                errors.append(f"line {line}: there is no command 'joust {command}'")
                continue
            for option in OPTION.findall(rest.partition(" -- ")[0]):
                if option not in known:
                    errors.append(f"line {line}: 'joust {command}' has no option {option}")
    return errors


def furnish(scratch: Path, source: Path, programs: Path) -> dict:
    """What a user has who cloned joust, built it and installed its Python package. Returns the environment."""
    page_folder = scratch / "joust"
    shutil.copytree(source / "tools", page_folder / "tools", symlinks=True,
                    ignore=shutil.ignore_patterns("build", "__pycache__", "*.egg-info"))
    for name in ("benchmarks", "tests", "worker", "runner", "common"):
        (page_folder / name).symlink_to(source / name)
    (page_folder / "build").mkdir()
    (page_folder / "build" / "release").symlink_to(programs.parent)
    version = "python%d.%d" % sys.version_info[:2]
    packages = scratch / "home" / ".local" / "lib" / version / "site-packages"
    packages.mkdir(parents=True)
    (packages / "joust").symlink_to(page_folder / "tools" / "python" / "joust")
    (scratch / "tmp").mkdir()
    path = [str(programs), os.path.dirname(sys.executable), "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"]
    return {"PATH": ":".join(path), "HOME": str(scratch / "home"), "TMPDIR": str(scratch / "tmp"), "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1", "USER": "reader"}


def run_page(path: Path, source: Path, programs: Path) -> list:
    """What is wrong with the page, or with what came of it."""
    page = read_page(path.read_text(encoding="utf-8"))
    errors = page.errors + check_mentions(page.prose, programs / "joust")
    if errors:
        return errors
    if all(block.not_run for block in page.blocks):
        print(f"{path.name}: no commands")
        return []
    with tempfile.TemporaryDirectory(prefix="joust-handbook-") as folder:
        scratch = Path(folder).resolve()
        environment = furnish(scratch, source, programs)
        reader = Reader(Shell(scratch / "joust", environment))
        for block in page.blocks:
            if not reader.follow(block):
                break
    print(f"{path.name}: {reader.commands} commands")
    return reader.errors


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, required=True, help="the folder with joust's sources")
    parser.add_argument("--bin", type=Path, required=True, help="the folder with the built programs")
    parser.add_argument("page", type=Path)
    arguments = parser.parse_args()
    errors = run_page(arguments.page, arguments.source.resolve(), arguments.bin.resolve())
    for error in errors:
        print(f"{arguments.page}: {error}", file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
