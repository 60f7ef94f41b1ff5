"""Certificates as a proxy that opens encrypted connections makes them: signed by an authority of its own."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def authority(folder: Path, host: str, begins: int = -1) -> tuple[Path, Callable[[Any], Any]]:
    """The authority's certificate as a PEM file, and what puts a server's socket under a certificate for ``host``.

    begins  days from now until that of the host is valid, for three days
    """
    key, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _signed("An office", key, key, "An office", x509.BasicConstraints(ca=True, path_length=0))
    leaf = _signed(host, own, key, "An office", x509.SubjectAlternativeName([x509.DNSName(host)]), begins)
    trusted, chain = folder / "authority.pem", folder / "server.pem"
    trusted.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    chain.write_bytes(leaf.public_bytes(serialization.Encoding.PEM) + own.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return trusted, lambda socket: context.wrap_socket(socket, server_side=True, do_handshake_on_connect=False)


def _signed(name: str, key: Any, signer: Any, issuer: str, extension: Any,
            begins: int = -1) -> x509.Certificate:
    now = datetime.now(UTC)
    return (x509.CertificateBuilder().subject_name(_named(name)).issuer_name(_named(issuer))
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=begins)).not_valid_after(now + timedelta(days=begins + 3))
            .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
            .sign(signer, hashes.SHA256()))


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
