#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The rules of the house that a compiler does not know: which wing may include which, how long
files, functions and lines may grow, which functions of C are not called, where SQL may stand.

    check_house.py [ROOT]    prints file:line: what is wrong, and fails when something is

To add a rule: a function that yields findings, a line in RULES, a test in check_house_test.py that
shows it firing. A rule judges one file; `File` gives it as it is and without comments and strings.
"""
import pathlib
import re
import sys
from functools import cached_property

# From the ground up. A file may include its own wing and those below it.
WINGS = ["base", "store", "web", "cli", "govern", "host", "plug", "analyze", "push", "steer", "app"]
FILE_LINES, FUNCTION_LINES, COLUMNS = 800, 70, 100
UI_FILE_LINES = 400  # where a file is one page or one component
UI_SOURCES = {".ts", ".tsx", ".css", ".html"}
SOURCES = {".c", ".h", ".cc", ".sql", ".py"} | UI_SOURCES
FOLDERS = ["src", "schema", "tests", "fuzz", "bench", "tools", ".ci", "ui"]
GENERATED = re.compile(r"ui/dist/|ui/src/api/schema\.ts$")

FORBIDDEN = {
    "alloca": "use the scope's arena",
    "atof": "use text_to_…, which refuses what is no number",
    "atoi": "use text_to_…, which refuses what is no number",
    "atol": "use text_to_…, which refuses what is no number",
    "gets": "it cannot be told the size of its buffer",
    "gmtime": "use base/time.h; its result is shared by all threads",
    "localtime": "use base/time.h; its result is shared by all threads",
    "popen": "it starts a shell",
    "rand": "use the generator that the seed is given to",
    "sprintf": "use snprintf or a buffer",
    "strcat": "use a buffer of base/text.h",
    "strcpy": "use a buffer of base/text.h",
    "strncpy": "use a buffer of base/text.h",
    "strtok": "use text_split; it keeps its place between calls",
    "system": "it starts a shell",
    "vsprintf": "use vsnprintf or a buffer",
}

# Where SQL may be written in C: the store speaks to its databases, two compilers generate it,
# Parquet is read by a DuckDB in memory.
SQL_MAKERS = re.compile(r"src/store/|src/analyze/(segment|metric)/|src/plug/source/parquet\.c$|"
                        r"(tests|bench|fuzz)/|.*_test(ing)?\.c$")
SQL_TEXT = re.compile(r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|DROP|ALTER|WITH|COPY|"
                      r"ATTACH|PRAGMA|FROM|WHERE|GROUP BY|ORDER BY)\s")

# Mutable state at file level: the mains', the logger's and the test runner's.
STATEFUL = re.compile(r"src/app/[a-z_]*main\.c$|src/base/(log|test)\.c$")

LEXEME = re.compile(
    r"""(?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)"""
    r"""|(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
    r"""|(?P<directive>(?m:^)[ \t]*\#(?:\\\n|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|[^\n])*)""", re.S)


class File:
    def __init__(self, root, path):
        self.root = root
        self.path = path.relative_to(root).as_posix()
        self.name, self.suffix = path.name, path.suffix
        self.text = path.read_text(encoding="utf-8")
        self.lines = self.text.splitlines()
        parts = self.path.split("/")
        self.wing = parts[1] if parts[0] == "src" and len(parts) > 2 else None
        self.is_c = self.suffix in {".c", ".h", ".cc"}
        self.is_test = parts[0] == "tests" or re.search(r"_(test\.c|testing\.[ch])$", self.name)

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    @cached_property
    def lexemes(self):
        return list(LEXEME.finditer(self.text))

    @cached_property
    def code(self):
        """The text with comments, string contents and directives blanked, its lines in place."""
        return LEXEME.sub(blank, self.text)

    @cached_property
    def top_level(self):
        """What stands outside braces, in order: (head, offset, body). The head is the text with its
        braces empty, the body the first and last offset of what they hold, or None."""
        found, begin, depth, body = [], 0, 0, None
        for match in re.finditer(r'[{};]|extern\s+""\s*\{', self.code):
            token, here = match[0], match.start()
            if token.startswith("extern"):
                begin = match.end()
                continue
            depth += {"{": 1, "}": -1, ";": 0}[token]
            if token == "{" and depth == 1:
                body = (here, here)
            elif depth < 0:  # closes extern "C"
                begin, depth = match.end(), 0
            elif token == "}" and depth == 0:
                body = (body[0], match.end())
            if depth == 0 and token != "{":
                head = self.code[begin:body[0]] if body else self.code[begin:here]
                is_function = body and is_function_head(head)
                if token == "}" and not is_function:
                    continue  # the declaration goes on to its semicolon
                if body and not is_function:
                    head += "{}" + self.code[body[1]:here]
                if head.strip():
                    found.append((head.strip(), begin + len(head) - len(head.lstrip()), body))
                begin, body = match.end(), None
        return found


def is_function_head(head):
    return head.rstrip().endswith(")") and "=" not in head


def blank(match):
    kept = '""' if match["string"] else ""
    return kept + re.sub(r"[^\n]", " ", match[0])[len(kept):]


def check_includes(file):
    """Includes run down only; web and cli are for the files that speak HTTP or are commands."""
    if not file.is_c:
        return
    seen_system = False
    for match in re.finditer(r'^[ \t]*#[ \t]*include[ \t]+(?:"([^"]+)"|<)', file.text, re.M):
        line, target = file.line_of(match.start()), match[1]
        if not target:
            seen_system = file.suffix != ".cc"  # there ours stand in extern "C"
            continue
        if seen_system:
            yield line, f'"{target}" after a system header; ours come first'
        yield from ((line, message) for message in judge_include(file, target))


def judge_include(file, target):
    wing = target.split("/")[0]
    if target == "base/test.h" and not file.is_test and file.path != "src/base/test.c":
        yield "base/test.h is for tests"
    if "/" not in target:
        folder = (file.root / file.path).parent
        if target.endswith("_sql.h"):
            if not (folder / (target[:-6] + ".sql")).exists():
                yield f'"{target}" belongs to another folder; call its functions instead'
        elif file.wing or not (folder / target).exists():
            yield f'"{target}" should name its folder, as in "base/text.h"'
    elif wing == "app" and file.wing != "app" and not file.path.startswith("bench/"):
        yield "nothing includes app"
    elif file.wing in WINGS and wing in WINGS:
        yield from judge_wings(file, wing, target)


def judge_wings(file, wing, target):
    from_rank, to_rank = WINGS.index(file.wing), WINGS.index(wing)
    if target == "govern/access/access.h" and from_rank >= WINGS.index("web"):
        return  # the names of the permissions, an enum and nothing more
    if to_rank > from_rank:
        yield f"{file.wing} may not include {wing}, which stands above it"
    elif wing == "web" and not (file.wing in {"web", "cli", "app"} or file.is_test or
                                file.name.endswith(("_http.c", "_http.h"))):
        yield "only *_http files, cli and app include web"
    elif wing == "cli" and not (file.wing in {"cli", "app"} or file.is_test or
                                file.name.endswith(("_cli.c", "_cli.h"))):
        yield "only *_cli files and app include cli"


def check_size(file):
    most = UI_FILE_LINES if file.suffix in UI_SOURCES else FILE_LINES
    if len(file.lines) > most:
        yield most, f"{len(file.lines)} lines; a file has at most {most}"
    for number, line in enumerate(file.lines, 1):
        if len(line) > COLUMNS:
            yield number, f"{len(line)} columns; a line has at most {COLUMNS}"


def check_functions(file):
    for head, offset, body in file.top_level if file.is_c else ():
        if body and is_function_head(head):
            lines = file.text.count("\n", *body) + 1
            if lines > FUNCTION_LINES:
                name = re.search(r"(\w+)\s*\(", head)
                yield (file.line_of(offset), f"{name[1] if name else 'a function'} has {lines} "
                       f"lines; a function has at most {FUNCTION_LINES}")


def check_licence(file):
    if not any("SPDX-License-Identifier: Apache-2.0" in line for line in file.lines[:2]):
        yield 1, "SPDX-License-Identifier: Apache-2.0 is missing"


def check_words(file):
    if not file.is_c:
        return
    for match in re.finditer(r"\b(" + "|".join(FORBIDDEN) + r")\s*\(", file.code):
        yield file.line_of(match.start()), f"{match[1]} is not used here: {FORBIDDEN[match[1]]}"
    for match in re.finditer(r"\btypedef\s+(struct|union)\b", file.code):
        yield file.line_of(match.start()), f"no typedef for a {match[1]}"
    for match in file.lexemes:
        if match["comment"] and re.search(r"\b(TODO|FIXME|XXX)\b", match[0]):
            yield file.line_of(match.start()), "do it, or open an issue"


def check_state(file):
    """No mutable state outside scopes."""
    if file.suffix not in {".c", ".h"} or file.is_test or STATEFUL.match(file.path):
        return
    for head, offset, body in file.top_level:
        declares = r"extern\b|typedef\b|(_S|s)tatic_assert\b|(struct|union|enum)\b\s*\w*\s*({})?$"
        if re.match(declares, head):
            continue
        if "const" not in head and not is_function_head(head) and ("=" in head or "(" not in head):
            yield file.line_of(offset), "mutable state at file level; it belongs in a scope"
    for match in re.finditer(r"^[ \t]+static\b(?![^;{=]*\bconst\b)", file.code, re.M):
        yield file.line_of(match.start()), "mutable static; it belongs in a scope"


def check_sql(file):
    if not file.is_c or SQL_MAKERS.match(file.path):
        return
    for match in file.lexemes:
        if match["string"] and SQL_TEXT.match(match[0][1:-1]):
            yield file.line_of(match.start()), "SQL stands in named blocks of a .sql file"


def check_listed(file):
    """A file that no meson.build names is never compiled, nor is its test ever run."""
    in_lists = file.wing or file.path.startswith("tests/")
    if not in_lists or file.suffix not in {".c", ".cc", ".sql"}:
        return
    folder = file.root / ("src/" + file.wing if file.wing else "tests")
    listing = folder / "meson.build"
    name = (file.root / file.path).relative_to(folder).as_posix()
    if not listing.exists() or f"'{name}'" not in listing.read_text(encoding="utf-8"):
        yield 1, f"'{name}' is not listed in {listing.relative_to(file.root).as_posix()}"


def check_exit_codes(file):
    """The table of codes and the page about it say the same."""
    if file.path != "src/base/code.c":
        return
    page = file.root / "docs/exit-codes.md"
    rows = page.read_text(encoding="utf-8") if page.exists() else ""
    for match in re.finditer(r'\[\w+\] = \{"(\w+)", (\d+), (\d+)[,}]', file.text):
        name, status, exit_code = match.groups()
        if not re.search(rf"^\| {exit_code} \| `{name}` \| {status} \|", rows, re.M):
            yield (file.line_of(match.start()), f"docs/exit-codes.md has no row "
                   f"| {exit_code} | `{name}` | {status} |")


RULES = [check_includes, check_size, check_functions, check_licence, check_words, check_state,
         check_sql, check_listed, check_exit_codes]


def house_files(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if GENERATED.match(path.relative_to(root).as_posix()) or not path.is_file():
                continue
            if path.suffix in SOURCES or path.name == "meson.build":
                yield File(root, path)
    for name in ["dev", "meson.build", ".ci/run"]:
        if (root / name).exists():
            yield File(root, root / name)


def decision_findings(root):
    """Decisions are called by their numbers: each has one of its own, and bears it as its title."""
    taken = {}
    for path in sorted((root / "docs/decisions").glob("*.md")):
        place, number = path.relative_to(root).as_posix(), path.name[:4]
        if number in taken:
            yield f"{place}:1: {taken[number]} has the number {number} already"
        taken.setdefault(number, path.name)
        if not path.read_text(encoding="utf-8").startswith(f"# {number}: "):
            yield f'{place}:1: the title does not begin with "# {number}: "'


def findings(root):
    return [f"{file.path}:{line}: {message}"
            for file in house_files(root) for rule in RULES for line, message in rule(file)
            ] + list(decision_findings(root))


if __name__ == "__main__":
    here = pathlib.Path(__file__).parent.parent
    found = findings((pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here).resolve())
    print("\n".join(found + [f"the house has {len(found) or 'no'} faults"]))
    sys.exit(1 if found else 0)
