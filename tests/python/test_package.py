"""The package: its types, its documentation, and that it can be installed."""

import ast
import importlib.util
import inspect
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

from support import ROOT, SDK, environment

sys.dont_write_bytecode = True
sys.path.insert(0, str(SDK))

import joust  # noqa: E402


def has(module):
    return importlib.util.find_spec(module) is not None


class Package(unittest.TestCase):
    def test_everything_public_is_documented(self):
        for name in joust.__all__:
            thing = getattr(joust, name)
            self.assertTrue(inspect.getdoc(thing), f"{name} has no docstring")
            for member, value in vars(thing).items() if inspect.isclass(thing) else ():
                if not member.startswith("_") and (callable(value) or isinstance(value, property)):
                    self.assertTrue(inspect.getdoc(value), f"{name}.{member} has no docstring")

    def test_it_says_that_it_is_typed(self):
        self.assertTrue((SDK / "joust" / "py.typed").is_file())

    @unittest.skipUnless(has("mypy"), "mypy is not installed")
    def test_its_types_are_complete_and_right(self):
        with tempfile.TemporaryDirectory() as cache:
            done = subprocess.run(
                [sys.executable, "-m", "mypy", "--strict", "--cache-dir", cache, "joust"],
                cwd=SDK, env=environment(), capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_its_version_is_the_same_in_both_places(self):
        project = (SDK / "pyproject.toml").read_text(encoding="utf-8")
        self.assertIn(f'version = "{joust.__version__}"', project)

    def test_it_imports_nothing_but_the_standard_library(self):
        if not hasattr(sys, "stdlib_module_names"):
            self.skipTest("this Python does not know what its standard library is")
        for file in (SDK / "joust").glob("*.py"):
            names = set()
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    names.update(alias.name.partition(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.level == 0:
                    names.add(str(node.module).partition(".")[0])
            self.assertEqual(names - set(sys.stdlib_module_names), set(), file)


class Wheel(unittest.TestCase):
    def setUp(self):
        for module in ("pip", "setuptools", "wheel"):
            if not has(module):
                self.skipTest(f"{module} is not installed")
        folder = tempfile.TemporaryDirectory(prefix="joust-wheel-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def pip(self, *arguments):
        done = subprocess.run(
            [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)],
            env=environment(PIP_NO_INDEX="1", PIP_ROOT_USER_ACTION="ignore"),
            capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_it_can_be_built_installed_and_imported_from_there(self):
        source = self.folder / "source"  # building leaves files behind
        shutil.copytree(SDK, source)
        self.pip("wheel", "--no-deps", "--no-build-isolation", "-w", self.folder, source)
        (wheel,) = self.folder.glob("*.whl")
        self.assertEqual(wheel.name, f"joust-{joust.__version__}-py3-none-any.whl")
        with zipfile.ZipFile(wheel) as archive:
            names = set(archive.namelist())
        there = {
            str(file.relative_to(SDK))
            for file in (SDK / "joust").rglob("*")
            if file.suffix in (".py", ".typed")
        }
        self.assertLessEqual(there, names)

        target = self.folder / "target"
        self.pip("install", "--no-deps", "--target", target, wheel)
        env = {**os.environ, "PYTHONPATH": str(target), "PYTHONDONTWRITEBYTECODE": "1"}
        file = subprocess.run(
            [sys.executable, "-c", "import joust; print(joust.__file__)"],
            env=env, cwd=self.folder, capture_output=True, text=True, check=True).stdout
        self.assertEqual(pathlib.Path(file.strip()).parent, target / "joust")
        world = ROOT / "tools" / "examples" / "dilemma.py"
        done = subprocess.run(
            [sys.executable, "-m", "joust.check", world, "--competitor", "Random",
             "--competitor", "Grudger"],
            env=env, cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
