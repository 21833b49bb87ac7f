#!/usr/bin/env python3
"""test-po.py SOURCE: each file with words is listed, and each translation of them is whole."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile

LANGUAGES = ("de", "es")
# As the preset "glib" of meson's i18n.gettext() has them.
OPTIONS = """--from-code=UTF-8 --add-comments
--keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2
--keyword=g_dcgettext:2 --keyword=g_dngettext:2,3 --keyword=g_dpgettext2:2c,3
--flag=N_:1:pass-c-format --flag=C_:2:pass-c-format --flag=NC_:2:pass-c-format
--flag=g_dngettext:2:pass-c-format --flag=g_strdup_printf:1:c-format
--flag=g_string_printf:2:c-format --flag=g_string_append_printf:2:c-format
--flag=g_error_new:3:c-format --flag=g_set_error:4:c-format
--flag=g_markup_printf_escaped:1:c-format --flag=g_log:3:c-format --flag=g_print:1:c-format
--flag=g_printerr:1:c-format --flag=g_printf:1:c-format --flag=g_fprintf:2:c-format
--flag=g_sprintf:2:c-format --flag=g_snprintf:3:c-format""".split()
MARKS = {
    ".c": re.compile(r"\b(_|N_|C_|NC_|ngettext|g_dngettext|g_dpgettext2) \("),
    ".ui": re.compile(r'translatable="yes"'),
    ".desktop": re.compile(r"^(Name|GenericName|Comment|Keywords)=", re.M),
    ".metainfo.xml": re.compile(r"<summary>"),
    ".gschema.xml": re.compile(r"\bl10n="),
}
FOLDERS = ("app/desktop", "core", "data", "settings", "ui")
CALL = re.compile(r'\b(?:_|N_|C_|NC_|ngettext|g_dngettext) \(((?:[^()"]|"(?:\\.|[^"\\])*")*)\)')
# What GLib calls its formats; xgettext takes what stands before one for the whole.
GLIB_FORMAT = re.compile(r"\bG_G\w+_FORMAT\b")
MNEMONIC = re.compile(r"(?<![\w_])_(?=\w)|(?<=\w)_(?=\w)|(?<=[ („“«])_(?=\w)")


class Skip(Exception):
    """A test that cannot be run here, with the reason."""


def run(*arguments, **options):
    done = subprocess.run(arguments, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **options)
    assert done.returncode == 0, f"{' '.join(arguments[:3])} …: {done.returncode}\n{done.stdout}"
    return done.stdout


def tool(name):
    if shutil.which(name) is None:
        raise Skip(f"{name} is not installed")
    return name


def read(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return file.read()


def parse(text):
    """The entries of a .po file as dictionaries: msgid, msgid_plural, msgstr, msgstr[0], ..."""
    for block in re.split(r"\n\s*\n", text):
        entry, key = {"flags": ""}, None
        for line in block.splitlines():
            if line.startswith("#~"):
                continue
            if line.startswith("#,"):
                entry["flags"] += line
            found = re.match(r'(msg\w+(?:\[\d\])?) (".*")$', line)
            if found:
                key = found.group(1)
                entry[key] = ""
            value = found.group(2) if found else line if line.startswith('"') else None
            if key is not None and value is not None:
                entry[key] += ast.literal_eval(value)
        if entry.get("msgid"):
            yield entry


class Words:
    def __init__(self, root, folder):
        self.root = root
        self.folder = folder
        self.listed = [line for line in read(root, "po", "POTFILES.in").splitlines()
                       if line and not line.startswith("#")]
        self.pot = os.path.join(folder, "queuekeeper.pot")

    def sources(self):
        for start in FOLDERS:
            for folder, _, names in os.walk(os.path.join(self.root, start)):
                for name in names:
                    yield os.path.relpath(os.path.join(folder, name), self.root)

    def extract(self):
        if not os.path.isfile(self.pot):
            said = run(tool("xgettext"), *OPTIONS, "--directory", self.root, "-o", self.pot,
                       *self.listed)
            assert "warning" not in said, said
        return self.pot

    def merged(self, language):
        path = os.path.join(self.folder, language + ".po")
        run(tool("msgmerge"), "--quiet", "--no-fuzzy-matching", "-o", path,
            os.path.join(self.root, "po", language + ".po"), self.extract())
        return path


def test_files(words):
    """Each file with a mark is listed, and no other."""
    marked = set()
    for path in words.sources():
        for ending, mark in MARKS.items():
            if path.endswith(ending) and mark.search(read(words.root, path)):
                marked.add(path)
    assert len(marked) > 100
    missing = sorted(marked - set(words.listed))
    assert not missing, "not in po/POTFILES.in: " + ", ".join(missing)
    idle = sorted(set(words.listed) - marked)
    assert not idle, "in po/POTFILES.in, with nothing marked: " + ", ".join(idle)
    assert words.listed == sorted(words.listed), "po/POTFILES.in is not in order"


def test_formats(words):
    """No call has a format that xgettext does not know: it would take a part for the whole."""
    n_calls = 0
    for path in words.listed:
        for call in CALL.findall(read(words.root, path)) if path.endswith(".c") else ():
            n_calls += 1
            assert not GLIB_FORMAT.search(call), f"{path}: {' '.join(call.split())}"
    assert n_calls > 500


def test_extracted(words):
    n_entries = len(list(parse(read(words.extract()))))
    assert n_entries > 1000, f"only {n_entries} texts"


def test_languages(words):
    listed = [line.strip() for line in read(words.root, "po", "LINGUAS").splitlines()]
    listed = [line for line in listed if line and not line.startswith("#")]
    assert listed == sorted(LANGUAGES), f"po/LINGUAS lists {listed}, not {list(LANGUAGES)}"


def check_valid(words, language):
    run(tool("msgfmt"), "--check", "-o", os.devnull,
        os.path.join(words.root, "po", language + ".po"))


def check_whole(words, language):
    check_whole_file(words.merged(language))


def check_whole_file(path):
    bad = []
    for entry in parse(read(path)):
        texts = [value for key, value in entry.items() if key.startswith("msgstr")]
        if "fuzzy" in entry["flags"] or not texts or not all(texts):
            bad.append(entry["msgid"])
    assert not bad, f"{len(bad)} are not translated:\n" + "\n".join(map(repr, bad))


def count_mnemonics(text):
    return len(MNEMONIC.findall(text))


def check_mnemonics(words, language):
    """Where the text has a letter to be pressed, so has its translation."""
    bad = []
    for entry in parse(read(words.root, "po", language + ".po")):
        # Names such as created_at are no mnemonics: they have several letters before.
        if re.search(r"[A-Za-z0-9]_[A-Za-z0-9]", entry["msgid"]) or "_" not in entry["msgid"]:
            continue
        for key, value in entry.items():
            if key.startswith("msgstr") and count_mnemonics(value) != 1:
                bad.append(f"{entry['msgid']!r}: {value!r}")
    assert not bad, "\n".join(bad)


def make_tests():
    tests = [(name.removeprefix("test_").replace("_", "-"), value)
             for name, value in globals().items() if name.startswith("test_")]
    for language in LANGUAGES:
        for name, check in (("valid", check_valid), ("whole", check_whole),
                            ("mnemonics", check_mnemonics)):
            tests.append((f"{language}/{name}",
                          lambda words, check=check, language=language: check(words, language)))
    return tests


def main():
    tests = make_tests()
    failed = 0
    print(f"TAP version 13\n1..{len(tests)}")
    with tempfile.TemporaryDirectory() as folder:
        words = Words(sys.argv[1], folder)
        for number, (name, test) in enumerate(tests, 1):
            try:
                test(words)
                print(f"ok {number} /po/{name}")
            except Skip as reason:
                print(f"ok {number} /po/{name} # SKIP {reason}")
            except (AssertionError, FileNotFoundError) as problem:
                failed += 1
                print(f"not ok {number} /po/{name}")
                print("".join(f"# {line}\n" for line in str(problem).splitlines()), end="")
    return failed > 0


sys.exit(main())
