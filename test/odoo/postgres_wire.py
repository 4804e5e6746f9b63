"""Just enough of PostgreSQL's protocol to ask it things in text, with nothing but Python.

https://www.postgresql.org/docs/current/protocol-message-formats.html
"""

import base64
import hashlib
import hmac
import os
import socket
import struct


class OperationalError(Exception):
    """The server was not reached, or does not take us."""


class DatabaseError(Exception):
    """The server refused a statement."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Connection:
    def __init__(self, host, port, user, password, database):
        self.password = password
        self.user = user
        try:
            if host.startswith("/"):
                self.socket = socket.socket(socket.AF_UNIX)
                self.socket.connect(f"{host}/.s.PGSQL.{port}")
            else:
                self.socket = socket.create_connection((host, port), timeout=10)
        except OSError as error:
            raise OperationalError(
                f'connection to server at "{host}", port {port} failed: {os.strerror(error.errno or 0)}'
            ) from None
        self.stream = self.socket.makefile("rb")
        parameters = f"user\0{user}\0database\0{database}\0client_encoding\0UTF8\0\0".encode()
        self.socket.sendall(struct.pack("!ii", len(parameters) + 8, 196608) + parameters)
        self._authenticate()

    def query(self, text):
        """Runs one statement and gives its rows, each a list of texts and None."""
        self._send(b"Q", text.encode() + b"\0")
        rows, error = [], None
        while True:
            kind, body = self._receive()
            if kind == b"D":
                rows.append(self._row(body))
            elif kind == b"E":
                error = self._error(body)
            elif kind == b"Z":
                if error:
                    raise error
                return rows

    def close(self):
        self._send(b"X", b"")
        self.socket.close()

    def _authenticate(self):
        while True:
            kind, body = self._receive()
            if kind == b"E":
                error = self._error(body)
                raise OperationalError(f"FATAL:  {error}") if error.code != "3D000" else error
            if kind == b"Z":
                return
            if kind == b"R":
                self._answer(struct.unpack("!i", body[:4])[0], body[4:])

    def _answer(self, method, data):
        if method == 3:
            self._send(b"p", self.password.encode() + b"\0")
        elif method == 10:
            self.nonce = base64.b64encode(os.urandom(18)).decode()
            self.first = f"n=,r={self.nonce}"
            first = f"n,,{self.first}".encode()
            self._send(b"p", b"SCRAM-SHA-256\0" + struct.pack("!i", len(first)) + first)
        elif method == 11:
            self._send(b"p", self._proof(data.decode()))

    def _proof(self, challenge):
        """RFC 5802."""
        parts = dict(part.split("=", 1) for part in challenge.split(","))
        salted = hashlib.pbkdf2_hmac(
            "sha256", self.password.encode(), base64.b64decode(parts["s"]), int(parts["i"])
        )
        key = hmac.digest(salted, b"Client Key", "sha256")
        final = f"c=biws,r={parts['r']}"
        message = f"{self.first},{challenge},{final}".encode()
        signature = hmac.digest(hashlib.sha256(key).digest(), message, "sha256")
        proof = bytes(a ^ b for a, b in zip(key, signature))
        return f"{final},p={base64.b64encode(proof).decode()}".encode()

    def _send(self, kind, body):
        self.socket.sendall(kind + struct.pack("!i", len(body) + 4) + body)

    def _receive(self):
        head = self.stream.read(5)
        if len(head) < 5:
            raise OperationalError("server closed the connection unexpectedly")
        return head[:1], self.stream.read(struct.unpack("!i", head[1:])[0] - 4)

    @staticmethod
    def _row(body):
        values, at = [], 2
        for _ in range(struct.unpack("!h", body[:2])[0]):
            size = struct.unpack("!i", body[at : at + 4])[0]
            at += 4
            values.append(None if size < 0 else body[at : at + size].decode())
            at += max(size, 0)
        return values

    @staticmethod
    def _error(body):
        fields = {part[:1]: part[1:].decode("utf-8", "replace") for part in body.split(b"\0") if part}
        return DatabaseError(fields.get(b"C", ""), fields.get(b"M", "unknown"))


def quoted(text):
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"
