"""A certificate authority of our own and a certificate for this machine, for one test run."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """PEM files. `authority` is what a client has to trust; `chain` and `key` are the server's."""

    authority: Path
    chain: Path
    key: Path


def issue(folder: Path) -> Certificates:
    """Valid for localhost and 127.0.0.1, for a day; strict enough for Python 3.13 (RFC 5280)."""
    folder.mkdir(parents=True, exist_ok=True)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Autorité d'essai")])
    root = _builder(root_name, root_name, root_key.public_key(), root_key.public_key(), authority=True)
    leaf_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    leaf = _builder(leaf_name, root_name, key.public_key(), root_key.public_key(), authority=False)
    made = Certificates(authority=folder / "ca.pem", chain=folder / "server.pem", key=folder / "server.key")
    pem = serialization.Encoding.PEM
    made.authority.write_bytes(root.sign(root_key, hashes.SHA256()).public_bytes(pem))
    signed = leaf.add_extension(names, critical=False).sign(root_key, hashes.SHA256())
    made.chain.write_bytes(signed.public_bytes(pem))
    made.key.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
    made.key.chmod(0o600)
    return made


def _builder(subject, issuer, public, issuing, *, authority):
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing), critical=False)
    )
