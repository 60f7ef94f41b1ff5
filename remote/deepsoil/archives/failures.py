"""The errors of the network in one place: what happened, to which archive and address, and what to do now.

No text of ``requests``, ``urllib3`` or GDAL enters a message: they name proxies with their passwords and secret
parameters.
"""

from __future__ import annotations

from deepsoil.archives import contents
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text

_PAGE = Text("a web page came instead of data, as from a login of a network or an account")
LATER = Text("Try again later, or switch this archive off so that another one stands in for it.")


def offline(archive: str, address: str) -> DeepSoilError:
    return DeepSoilError("archive_offline", "DeepSoil is set to work offline, and {address} of {archive} is not in the "
                         "cache of archives.", "Switch the network on again, or gather where there is one.",
                         archive=archive, address=address)


def no_network(archive: str, address: str) -> DeepSoilError:
    return DeepSoilError("archive_offline", "{archive} cannot be reached: the name of the server in {address} is not "
                         "known here.",
                         "Check the connection to the internet and the proxy in QGIS's options, then try again.",
                         archive=archive, address=address, unknown_name=1)


def failed(archive: str, address: str, reason: str, hint: str = LATER, status: int | None = None) -> DeepSoilError:
    """``status``: the server's, which `status_of` reads again."""
    return DeepSoilError("archive_failed", "{archive} did not give {address}: {reason}.", hint,
                         archive=archive, address=address, reason=reason, status=status)


def refused(archive: str, address: str, status: int) -> DeepSoilError:
    """The key or account that was sent is not accepted."""
    return DeepSoilError("archive_account", "{archive} refuses the account or key for {address} ({status}).",
                         "Check the account in DeepSoil's options, then try again.",
                         archive=archive, address=address, status=status)


def proxy_refused(archive: str, address: str) -> DeepSoilError:
    return DeepSoilError("archive_account", "The proxy between this computer and {archive} refuses its user or "
                         "password (407), so that {address} was not fetched.",
                         "Correct user and password of the proxy in QGIS's options (Network), then try again.",
                         archive=archive, address=address, status=407)


def certificate(archive: str, address: str) -> DeepSoilError:
    return failed(archive, address, Text("the certificate of the server is not trusted by this computer"),
                  Text("A proxy that opens encrypted connections may stand between. Ask the administrator for its "
                       "certificate and add it to those that this computer trusts."))


def certificate_time(archive: str, address: str) -> DeepSoilError:
    """It has expired or is of the future: by a wrong clock as often as by a careless archive."""
    return failed(archive, address, Text("the certificate of the server is not valid at the time of this computer"),
                  Text("Check date and time of this computer, then try again. If they are right, the certificate of "
                       "the archive has expired: try again later, or switch this archive off."))


def login_page(archive: str, address: str, login: str) -> DeepSoilError:
    """``login``: where the account is managed."""
    return DeepSoilError("archive_account", "{archive} sent its login page instead of {address}: the token of the "
                         "account is not valid, or no longer.",
                         "Make a new token at {login}, enter it in DeepSoil's options, then try again. If it stays so, "
                         "open the address once in a browser: the account may have to allow the archive first.",
                         archive=archive, address=address, login=login)


def web_page(archive: str, address: str) -> DeepSoilError:
    return failed(archive, address, _PAGE,
                  Text("Open the address in a browser to see the page: a network in a hotel or office may want a "
                       "login, or the archive is under maintenance. Then try again."))


def wrong_content(archive: str, address: str, beginning: bytes, wanted: str | None) -> DeepSoilError | None:
    """The error for a web page, or for content of another kind than ``wanted``; None: it is right.

    ``wanted``: as `contents` names it; None: anything but a web page.
    """
    if wanted is not None and contents.is_kind(beginning, wanted):
        return None
    if contents.is_page(beginning):
        return web_page(archive, address)
    return None if wanted is None else other_content(archive, address, wanted, contents.saying(beginning))


def other_content(archive: str, address: str, wanted: str, said: str) -> DeepSoilError:
    if not said:
        return failed(archive, address, Text("it is not a {wanted} file", wanted=wanted))
    return failed(archive, address, Text("it is not a {wanted} file; the server says: {said}", wanted=wanted,
                                         said=said))


def stopped(archive: str, address: str) -> DeepSoilError:
    return DeepSoilError("cancelled", "Fetching {address} of {archive} was stopped.",
                         "What was fetched so far is kept.", archive=archive, address=address)


def status_of(error: DeepSoilError) -> int | None:
    """The status of the server that an error of the network is about; None: there is none."""
    status = error.values.get("status")
    return status if isinstance(status, int) else None


def is_unknown_name(error: DeepSoilError) -> bool:
    """Whether the name of the server is not known here."""
    return error.values.get("unknown_name") == 1


def is_web_page(error: DeepSoilError) -> bool:
    """Whether a web page came instead of data."""
    return error.code == "archive_failed" and error.values.get("reason") == _PAGE.to_dict()


def is_missing(error: DeepSoilError) -> bool:
    """Whether the server says that it has no such file (404 or 410), which is not the same as a failure."""
    return error.code == "archive_failed" and status_of(error) in (404, 410)
