#!/usr/bin/env python3
"""test-install.py BUILD PREFIX: installs into a folder of its own and validates each thing there."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

ID = "io.github.queuekeeper.Queuekeeper"


class Skip(Exception):
    """A test that cannot be run here, with the reason."""


def run(*arguments, **options):
    done = subprocess.run(arguments, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **options)
    assert done.returncode == 0, f"{' '.join(arguments)}: {done.returncode}\n{done.stdout}"
    return done.stdout


def tool(name):
    if shutil.which(name) is None:
        raise Skip(f"{name} is not installed")
    return name


class Installed:
    def __init__(self, build, prefix, folder):
        environment = {key: value for key, value in os.environ.items() if key != "LD_PRELOAD"}
        run("meson", "install", "--no-rebuild", "-C", build, "--destdir", folder, env=environment)
        self.root = os.path.join(folder, prefix.lstrip("/"))

    def path(self, *parts):
        path = os.path.join(self.root, *parts)
        assert os.path.isfile(path), f"{os.path.join(*parts)} is not installed"
        return path

    def help_of(self, *arguments):
        return run(self.path("bin", "qkctl"), *arguments, "--help")


def test_programs(installed):
    for program in ("queuekeeper", "qkctl"):
        assert os.access(installed.path("bin", program), os.X_OK)
        assert re.search(r"^\S+ \d+\.\d+\.\d+$", run(installed.path("bin", program), "--version"), re.M)


def test_desktop_file(installed):
    path = installed.path("share", "applications", ID + ".desktop")
    run(tool("desktop-file-validate"), path)
    text = open(path, encoding="utf-8").read()
    command = re.search(r"^Exec=(\S+)", text, re.M).group(1)
    icon = re.search(r"^Icon=(\S+)", text, re.M).group(1)
    installed.path("bin", command)
    installed.path("share", "icons", "hicolor", "scalable", "apps", icon + ".svg")


def test_metainfo(installed):
    path = installed.path("share", "metainfo", ID + ".metainfo.xml")
    run(tool("appstreamcli"), "validate", "--no-net", path)
    component = ElementTree.parse(path).getroot()
    assert component.findtext("id") == ID
    assert component.findtext("launchable") == ID + ".desktop"
    for binary in component.iter("binary"):
        installed.path("bin", binary.text)
    assert len(list(component.iter("screenshot"))) >= 2
    # What is shown is what the documentation shows.
    docs = os.path.join(os.path.dirname(__file__), "..", "..", "docs")
    for image in component.iter("image"):
        name = os.path.basename(image.text)
        assert os.path.isfile(os.path.join(docs, name)), f"docs/{name} is missing"
        with open(os.path.join(docs, name), "rb") as file:
            header = file.read(24)
        size = [int.from_bytes(header[at:at + 4], "big") for at in (16, 20)]
        assert size == [int(image.get("width")), int(image.get("height"))], f"docs/{name}: {size}"


def test_icons(installed):
    for kind, name in (("scalable", ID), ("symbolic", ID + "-symbolic")):
        path = installed.path("share", "icons", "hicolor", kind, "apps", name + ".svg")
        drawing = ElementTree.parse(path).getroot()
        assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
        assert drawing.get("viewBox") or (drawing.get("width") and drawing.get("height"))
        assert len(list(drawing.iter())) > 2, f"{name} is empty"


def test_schema(installed):
    path = installed.path("share", "glib-2.0", "schemas", ID + ".gschema.xml")
    run(tool("glib-compile-schemas"), "--strict", "--dry-run", os.path.dirname(path))
    keys = list(ElementTree.parse(path).getroot().iter("key"))
    assert keys
    for key in keys:
        for part in ("summary", "description"):
            text = key.findtext(part)
            assert text and text.strip(), f"{key.get('name')} has no {part}"


def test_help(installed):
    """The help shows pictures that are there, and tells of every key that the window tells of."""
    path = installed.path("share", "doc", "queuekeeper", "help.html")
    text = open(path, encoding="utf-8").read()
    pictures = re.findall(r'<img src="([^"]+)" alt="[^"]+">', text)
    assert len(pictures) >= 4 and text.count("<img ") == len(pictures)
    for picture in pictures:
        installed.path("share", "doc", "queuekeeper", picture)
    overlay = os.path.join(os.path.dirname(__file__), "../../app/desktop/gtk/help-overlay.ui")
    shortcuts = [found for found in ElementTree.parse(overlay).iter("object")
                 if found.get("class") == "GtkShortcutsShortcut"]
    assert len(shortcuts) > 50
    for shortcut in shortcuts:
        title = shortcut.findtext("property[@name='title']")
        assert f"<td>{title}</td>" in text, f"the help does not tell how to: {title}"


def test_manuals(installed):
    for name in ("queuekeeper", "qkctl"):
        path = installed.path("share", "man", "man1", name + ".1")
        run(tool("mandoc"), "-T", "lint", "-W", "warning", path)


def test_manual_is_complete(installed):
    """Each command and each of its options stand in the manual, in its section."""
    path = installed.path("share", "man", "man1", "qkctl.1")
    shown = run(tool("mandoc"), "-T", "ascii", path)
    shown = re.sub(r".\x08", "", shown)
    sections = re.split(r"^   qkctl ", shown, flags=re.M)[1:]
    by_command = {section.split()[0]: section for section in sections}
    listing = installed.help_of().split("Commands:\n", 1)[1].split("\n\n", 1)[0]
    commands = [line.split()[0] for line in listing.splitlines()]
    assert len(commands) > 10 and sorted(by_command) == sorted(commands)
    for command in commands:
        options = installed.help_of(command).split("Application Options:\n", 1)[1].split("\n\n", 1)[0]
        names = re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", options, re.M)
        assert names
        for name in names:
            assert name in by_command[command], f"{command} {name} is not in the manual"


def main():
    build, prefix = sys.argv[1:]
    tests = [value for name, value in globals().items() if name.startswith("test_")]
    failed = 0
    print(f"TAP version 13\n1..{len(tests)}")
    with tempfile.TemporaryDirectory() as folder:
        installed = Installed(build, prefix, folder)
        for number, test in enumerate(tests, 1):
            name = "/install/" + test.__name__.removeprefix("test_").replace("_", "-")
            try:
                test(installed)
                print(f"ok {number} {name}")
            except Skip as reason:
                print(f"ok {number} {name} # SKIP {reason}")
            except AssertionError as problem:
                failed += 1
                print(f"not ok {number} {name}")
                print("".join(f"# {line}\n" for line in str(problem).splitlines()), end="")
    return failed > 0


sys.exit(main())
