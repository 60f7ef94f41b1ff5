"""Login to one host: keys, password, keyboard-interactive, and combinations of them.

After a wrong answer the user is asked again, three times in all. Passwords are kept in memory for the next
connection (`credential_cache`); one-time codes are not.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import paramiko

from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.prompts import credential_cache
from deepsoil.hosts.prompts.prompt import Ask, Prompt, Question
from deepsoil.hosts.ssh import keys
from deepsoil.hosts.ssh.config import user_folder
from deepsoil.hosts.ssh.keyboard_interactive import InteractiveLogin, UnansweredError
from deepsoil.hosts.ssh.login_request import ANY_METHOD, INTERACTIVE, KEY, PASSWORD, LoginRequest
from deepsoil.hosts.ssh.login_timeout import LoginTimeout

# How long a host may take for one answer: it may wait for an approval on a phone.
_ANSWER_TIMEOUT_S = 90.0

# The result of an attempt: None refused, [] logged in, else the methods of the next step.
_Outcome = list[str] | None


def log_in(transport: paramiko.Transport, login: LoginRequest, ask: Ask, timeout_s: float) -> None:
    """Log in over a transport whose host key has been accepted.

    Raises
    ------
    DeepSoilError
        ``login_refused``, ``login_unanswered``, ``key_unreadable``; ``connection_lost``, ``host_unreachable`` (no
        answer in time).
    """
    timeout = LoginTimeout(transport, max(timeout_s, _ANSWER_TIMEOUT_S))
    attempts = _Attempts(transport, login, timeout.while_asking(ask))
    try:
        with timeout, contextlib.closing(attempts):
            attempts.run()
    except UnansweredError:
        raise _unanswered(login) from None
    except (paramiko.SSHException, EOFError, OSError) as error:
        if timeout.passed:
            raise DeepSoilError("host_unreachable", "{title} did not finish the login within "
                                "{limit_s:.0f} s.", "DeepSoil tries again.",
                                title=login.title, limit_s=timeout.limit_s) from error
        if attempts.refused:
            raise _refused(login, attempts, closed=True) from error
        raise DeepSoilError("connection_lost", "{title} ended the connection during the login ({error}).",
                            "DeepSoil tries again.",
                            title=login.title, error=error) from error


class _Attempts:
    """The attempts of one login. ``refused``: the number of refused attempts; ``notes`` for the error message."""

    def __init__(self, transport: paramiko.Transport, login: LoginRequest, ask: Ask) -> None:
        self._transport, self._login, self._ask = transport, login, ask
        self._agent: keys.SocketAgent | paramiko.Agent | None = None
        self._used: set[bytes] = set()
        self.refused = 0
        self.unanswered = False
        self.offered: list[str] = []
        self.notes: list[str] = []

    def close(self) -> None:
        if self._agent is not None:
            self._agent.close()

    def run(self) -> None:
        """Log in. DeepSoilError ``login_refused``, and what paramiko raises."""
        try:
            self.offered = self._transport.auth_none(self._login.hop.user)
        except paramiko.BadAuthenticationType as error:
            self.offered = error.allowed_types
        wanted = self._login.methods
        while self.offered:
            outcome: _Outcome = None
            for method in (method for method in wanted if method in self.offered):
                outcome = {KEY: self._keys, PASSWORD: self._password, INTERACTIVE: self._interactive}[method]()
                if outcome is not None:
                    break
            if outcome is None:
                if self.unanswered:
                    raise _unanswered(self._login)
                raise _refused(self._login, self)
            self.offered, wanted = outcome, ANY_METHOD

    def _attempt(self, act: Callable[[], list[str]]) -> _Outcome:
        try:
            return act()
        except paramiko.BadAuthenticationType:
            return None
        except paramiko.AuthenticationException:
            if not self._transport.is_active():
                raise
            self.refused += 1
            return None

    def _keys(self) -> _Outcome:
        for key in self._candidates():
            if key.asbytes() in self._used:
                continue
            self._used.add(key.asbytes())
            outcome = self._attempt(lambda key=key: self._transport.auth_publickey(  # type: ignore[misc]
                self._login.hop.user, key))
            if outcome is not None:
                return outcome
        return None

    def _candidates(self) -> Iterator[paramiko.PKey]:
        """Keys to offer; a passphrase is requested only after all keys without one were refused."""
        login = self._login
        if login.key_file is not None:
            yield from self._from_files([login.key_file])
            return
        folder = user_folder()
        named = [file for file in login.hop.identities if file.is_file()]
        files = named or keys.default_files(folder)
        if self._agent is None:
            self._agent = keys.open_agent(login.hop.agent)
        if self._agent is not None:
            if problem := getattr(self._agent, "problem", None):
                self.notes.append(problem)
            yield from keys.in_order(self._agent.get_keys(), files, login.hop.only)
        yield from self._from_files(self._plain_first(files))

    def _plain_first(self, files: Sequence[Path]) -> list[Path]:
        """Keys without a passphrase first; a damaged one that the user did not choose is skipped."""
        encrypted: dict[Path, bool] = {}
        for file in files:
            try:
                encrypted[file] = keys.is_encrypted(file)
            except DeepSoilError as error:
                self.notes.append(error.message.rstrip("."))
        return sorted(encrypted, key=lambda file: encrypted[file])

    def _from_files(self, files: Sequence[Path]) -> Iterator[paramiko.PKey]:
        for file in files:
            key = keys.load(file, self._login.host, self._ask)
            if key is None:
                self.unanswered = True
            else:
                yield key

    def _password(self) -> _Outcome:
        cache_key = (self._login.account, "password")
        if (known := credential_cache.recall(cache_key)) is not None:
            outcome = self._try_password(known)
            if outcome is not None:
                return outcome
            credential_cache.forget(cache_key)
        again = ""
        for _ in range(keys.TRIES):
            answer = self._ask(Question(self._login.host, "password", f"Password for {self._login.title}",
                                        f"{again}{self._login.account} asks for the password.",
                                        (Prompt("Password: ", lasting=True),),
                                        about=self._login.account))
            if answer is None or len(answer) != 1:
                raise UnansweredError
            outcome = self._try_password(answer[0])
            if outcome is not None:
                credential_cache.keep(cache_key, answer[0])
                return outcome
            again = "That was not accepted. "
        return None

    def _try_password(self, password: str) -> _Outcome:
        return self._attempt(lambda: self._transport.auth_password(self._login.hop.user, password, fallback=False))

    def _interactive(self) -> _Outcome:
        cache_key = (self._login.account, "password")
        attempts_left = keys.TRIES
        again = ""
        while attempts_left > 0:
            known = credential_cache.recall(cache_key)
            dialogue = InteractiveLogin(self._login, self._ask, again, known)
            outcome = self._attempt(lambda dialogue=dialogue: self._transport.auth_interactive(  # type: ignore[misc]
                self._login.hop.user, dialogue))
            if outcome is not None:
                if dialogue.password is not None:
                    credential_cache.keep(cache_key, dialogue.password)
                return outcome
            if not dialogue.turns:
                return None
            credential_cache.forget(cache_key)
            if dialogue.asked:
                attempts_left -= 1
                again = "That was not accepted. "
        return None


def _unanswered(login: LoginRequest) -> DeepSoilError:
    return DeepSoilError("login_unanswered", "The login on {title} needs an answer that was not given.",
                         "Connect again when you can answer.", "authentication",
                         title=login.title)


def _refused(login: LoginRequest, attempts: _Attempts, *, closed: bool = False) -> DeepSoilError:
    """The error of a refused login. ``closed``: the host closed the connection after the attempts."""
    offered = ", ".join(attempts.offered) or "nothing"
    end = " It closed the connection after these attempts." if closed else ""
    if not any(method in attempts.offered for method in login.methods):
        return DeepSoilError(
            "login_refused", "{title} does not accept a login with {methods} for {account}; it offers: {offered}.",
            "Choose another way of authentication for this host.", "authentication",
            title=login.title, methods=" or ".join(login.methods), account=login.account, offered=offered)
    if KEY in login.methods and INTERACTIVE not in login.methods:
        return DeepSoilError(
            "login_refused", "{title} accepted none of {count} keys for {account}{notes}.{end} It offers: {offered}.",
            "Copy the public key there ('ssh-copy-id'), load the key into the agent ('ssh-add'), or choose the key "
            "file. Check the user name.", "authentication",
            title=login.title, count=attempts.refused, account=login.account,
            notes="".join(f" ({note})" for note in attempts.notes), end=end, offered=offered)
    return DeepSoilError("login_refused", "{title} did not accept the answers for {account}.{end}",
                         "Check the user name and the password. A code must be new.", "authentication",
                         title=login.title, account=login.account, end=end)
