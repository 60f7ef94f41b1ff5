"""What the plugin repository's scan looks for, as its published rules say, and what we answer to its warnings. Pure.

The site runs Bandit with the rules that its administrators enabled; they live in its database and can change. These are
the rules that it is seeded with. A critical finding cannot be skipped by the author and blocks the version.
"""

from __future__ import annotations

BANDIT_CRITICAL = frozenset({
    "B102", "B103", "B105", "B106", "B107", "B111", "B201", "B202", "B301", "B302", "B304", "B305", "B306", "B307",
    "B312", "B321", "B323", "B401", "B402", "B412", "B413", "B501", "B502", "B503", "B505", "B506", "B507", "B601",
    "B602", "B604", "B605", "B609", "B610", "B611", "B612", "B613", "B615", "B701"})
BANDIT_WARNING = frozenset({
    "B101", "B104", "B108", "B110", "B112", "B113", "B303", "B308", "B310", "B311", "B313", "B314", "B315", "B316",
    "B317", "B318", "B319", "B320", "B324", "B403", "B405", "B406", "B407", "B408", "B409", "B504", "B508", "B509",
    "B603", "B606", "B607", "B608", "B614", "B702", "B703", "B704"})

# Warnings that stay, each with what we say to the site's reviewers; any other warning stops the packing.
ACCEPTED = {
    "B101": "assertions tell the type checker what is known; no check of input is one",
    "B311": "spreads the moments at which a host is tried again; nothing secret is drawn",
    "B314": "what the user's own scheduler prints; a document type, which could expand without end, is refused first",
    "B405": "as B314",
    "B603": "programs are started by a list of words, never by a shell",
    "B607": "programs of the user's system are found on the PATH, as the user set it",
    "B608": "names of a table and its columns, quoted; values are passed beside the query",
}
# Those that stay in the published packages that travel with the plugin, and nowhere else.
ACCEPTED_BUNDLED = {
    "B101": "assertions, as published",
    "B110": "errors of drawing that are passed over, as published",
    "B318": "the export of a plot as SVG parses what it has just drawn",
    "B405": "as B318",
    "B408": "as B318",
}

FLAKE8_CRITICAL = ("E901", "E902", "E999", "F821", "F823", "F831")
LINE_LENGTH = 120

SUSPICIOUS_SUFFIXES = (".exe", ".dll", ".so", ".pyd", ".dylib", ".bat", ".sh", ".ps1", ".cmd", ".pyc", ".pyo", ".a",
                       ".lib", ".msi", ".jar")
# How compiled programs begin: ELF, Windows, Mach-O (both orders, 32 and 64 bits, several in one).
BINARY_STARTS = (b"\x7fELF", b"MZ", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
                 b"\xca\xfe\xba\xbe")
FORBIDDEN_FOLDERS = ("__MACOSX", ".git", "__pycache__")
LARGEST_BYTES = 25_000_000

REQUIRED_METADATA = ("name", "description", "version", "qgisMinimumVersion", "author", "email", "about", "tracker",
                     "repository", "homepage")
ADDRESSES = ("tracker", "repository", "homepage")
BOOLEANS = ("experimental", "deprecated", "server", "hasProcessingProvider")
