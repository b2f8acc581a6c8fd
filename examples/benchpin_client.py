"""A small client for Benchpin's API, of Python's standard library alone.

    shop = Client("http://127.0.0.1:8080", token="...")
    job = shop.post("/jobs", {"title": "Sapphire ring", "customer_name": "Rohan Mehta"})
    for each in shop.rows("/jobs", stage="setting"):
        print(each["reference"], each["title"])

Paths are those of the reference, without "/api/v1". Numbers are whole and exact: money in minor
units, metal in milligrams, stones in hundred-thousandths of a carat, time in minutes. Copy this file
beside your program; it depends on nothing else. Python 3.9 or later.
"""

from __future__ import annotations

import email.utils
import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator, Mapping, Optional, Tuple

Json = Dict[str, Any]

API = "/api/v1"
RETRIED = (429, 503)  # the server says that later it will do


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field of what was sent."""

    field: str  # "stones.0.shape"
    code: str  # "required": for programs, never changed
    detail: str  # a sentence for people


class Problem(Exception):
    """The shop refused (RFC 9457). `code` is for programs, `detail` for people."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(body.get("code", "unknown"))
        self.detail = str(body.get("detail", ""))
        self.instance = str(body.get("instance", ""))  # names the request in the server's log
        self.faults = tuple(
            Fault(str(each.get("field", "")), str(each.get("code", "")), str(each.get("detail", "")))
            for each in body.get("errors") or ()
        )
        told = "; ".join(f"{each.field}: {each.detail}" for each in self.faults)
        super().__init__(f"{status} {self.code}: {told or self.detail}")


class Unreachable(Exception):
    """No answer came, after all the tries."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The API never redirects: a token is not to follow where something else leads."""

    def redirect_request(self, *args: Any, **more: Any) -> None:
        return None


def _seconds(retry_after: Optional[str], otherwise: float) -> float:
    """How long a Retry-After asks to wait: seconds, or the time of an HTTP date."""
    if not retry_after:
        return otherwise
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        then = email.utils.parsedate_to_datetime(retry_after)
        return max(0.0, then.timestamp() - time.time())
    except (TypeError, ValueError):
        return otherwise


class Client:
    """One shop, asked by one token. Not for several threads at once."""

    def __init__(
        self,
        url: str,
        token: Optional[str] = None,
        *,
        tries: int = 5,
        timeout: float = 30.0,
        longest_wait: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`url` is the shop's own address. A request is tried `tries` times in all when the shop is
        busy (429, 503) or no answer comes; a wait above `longest_wait` seconds is not waited for."""
        self.url = url.rstrip("/")
        self.token = token
        self.tries = max(1, tries)
        self.timeout = timeout
        self.longest_wait = longest_wait
        self._sleep = sleep
        self._open = urllib.request.build_opener(_NoRedirect).open

    @classmethod
    def sign_in(cls, url: str, email_address: str, password: str, name: str, **more: Any) -> Client:
        """A client with a new token. Tokens stay until they are taken back: make one, keep it."""
        client = cls(url, **more)
        made = client.post("/tokens", {"email": email_address, "password": password, "name": name})
        client.token = made["token"]
        return client

    # ---------------------------------------------------------------- what programs call

    def get(self, path: str, **query: Any) -> Json:
        """One thing, or one page of a list."""
        return self._ask("GET", self._with(path, query))

    def rows(self, path: str, **query: Any) -> Iterator[Json]:
        """Every row of a list, page after page as they are used."""
        next_path: Optional[str] = self._with(path, query)
        while next_path:
            page = self._ask("GET", next_path)
            yield from page.get("rows") or ()
            next_path = page.get("next")

    def post(self, path: str, body: Optional[Json] = None, *, key: Optional[str] = None) -> Json:
        """Does something once: repeats go with the same Idempotency-Key, and are answered from the
        shop's record. Give a `key` of your own (8 to 128 characters) when a later run of your
        program may have to ask again."""
        return self._ask("POST", path, body or {}, key or str(uuid.uuid4()))

    # ---------------------------------------------------------------- how

    @staticmethod
    def _with(path: str, query: Mapping[str, Any]) -> str:
        sent = {name: value for name, value in query.items() if value is not None}
        if not sent:
            return path
        return path + ("&" if "?" in path else "?") + urllib.parse.urlencode(sent, doseq=True)

    def _ask(
        self, method: str, path: str, body: Optional[Json] = None, key: Optional[str] = None
    ) -> Json:
        if not path.startswith("/") or path.startswith("//"):
            raise ValueError(f"a path begins with one slash: {path!r}")
        headers = {"Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None
        if body is not None:
            data = json.dumps(body, ensure_ascii=False).encode("utf-8")
            headers["Content-Type"] = "application/json"
        if key:
            headers["Idempotency-Key"] = key
        url = self.url + API + path
        why = ""
        for attempt in range(self.tries):
            last = attempt + 1 == self.tries
            wait = min(0.5 * 2**attempt, self.longest_wait)
            request = urllib.request.Request(url, data=data, headers=headers, method=method)
            try:
                status, told, text = self._send(request)
            except (OSError, http.client.HTTPException) as error:
                # Also a POST goes again: by its key it is done once.
                why = str(error) or type(error).__name__
            else:
                if 200 <= status < 300:
                    return self._read(text)
                problem = Problem(status, self._problem(told, text))
                wait = _seconds(told.get("Retry-After"), wait)
                if status not in RETRIED or last or wait > self.longest_wait:
                    raise problem
            if not last:
                self._sleep(wait)
        raise Unreachable(f"{method} {url}: {why}")

    def _send(self, request: urllib.request.Request) -> Tuple[int, Mapping[str, str], bytes]:
        try:
            with self._open(request, timeout=self.timeout) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refusal:  # an answer like any other
            with refusal:
                return refusal.code, refusal.headers, refusal.read()

    @staticmethod
    def _read(text: bytes) -> Json:
        value = json.loads(text) if text else {}
        if not isinstance(value, dict):
            raise ValueError("the answer is no JSON object")
        return value

    @staticmethod
    def _problem(headers: Mapping[str, str], text: bytes) -> Json:
        """Of the shop's own refusals the members; of a proxy's between us what it wrote."""
        kind = (headers.get("Content-Type") or "").split(";")[0].strip()
        try:
            value = json.loads(text) if kind.endswith("json") else None
        except ValueError:
            value = None
        if isinstance(value, dict):
            return value
        return {"code": "not_from_the_shop", "detail": text[:300].decode("utf-8", "replace")}
