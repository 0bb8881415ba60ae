"""Who may come in: Host, Origin and CORS, without a server."""

from typing import Any

import msgspec
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from pushdemo.admission import Admission, parse_origin
from pushdemo.settings import Settings
from tests.unit.asgi import Exchange, ask, http_scope, websocket_scope

ALLOWED = "https://class.example"


async def inside(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).accept()
    else:
        await PlainTextResponse("inside")(scope, receive, send)


def admission(**settings: Any) -> Admission:
    return Admission(inside, Settings(allow_origin=(ALLOWED,), **settings), ("/socket.io",))


async def post(origin: str | None, host: str | None = "127.0.0.1:8000", **settings: Any) -> Exchange:
    fields = [] if origin is None else [("Origin", origin)]
    return await ask(admission(**settings), http_scope("POST", "/x", fields, host=host))


def detail(exchange: Exchange) -> str:
    assert exchange.field("content-type") == "application/problem+json"
    found: str = msgspec.json.decode(exchange.content)["detail"]
    return found


# --- Host ---


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8000",
        "127.0.0.1",
        "localhost:8000",
        "LOCALHOST",
        "127.1.2.3",
        "[::1]:8000",
        "[::1]",
        "[0:0:0:0:0:0:0:1]:8000",
    ],
)
async def test_a_loopback_name_is_let_in(host: str) -> None:
    assert (await ask(admission(), http_scope("GET", "/", host=host))).content == b"inside"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.",
        "localhost.",
        "192.168.1.7:8000",
        "[2001:db8::1]:8000",
        "0x7f000001",
        "localhost_",
    ],
)
async def test_a_name_that_is_not_ours_is_403(host: str) -> None:
    exchange = await ask(admission(), http_scope("GET", "/", host=host))
    assert exchange.status == 403
    assert detail(exchange).endswith("is not a name of this server (--allow-host adds one).")


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        " ",
        "127.0.0.1:8000@evil.example",
        "evil.example@127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:port",
        "127.0.0.1:800000",
        "127.0.0.1/",
        "127.0.0.1:8000, evil.example",
        "::1",
        "[::1",
        "loc\xe4lhost",
        "localhost\n",
        "<script>",
    ],
)
async def test_what_is_no_host_is_400(host: str | None) -> None:
    exchange = await ask(admission(), http_scope("GET", "/", host=host))
    assert exchange.status == 400
    assert detail(exchange).startswith("Expected one Host header field; this came: '")


async def test_two_hosts_are_400() -> None:
    exchange = await ask(admission(), http_scope("GET", "/", [("Host", "localhost")]))
    assert (exchange.status, detail(exchange)) == (
        400,
        "Expected one Host header field; this came: '127.0.0.1:8000, localhost'.",
    )


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        ({"allow_host": ("Lab.Example",)}, "lab.example:8000"),
        ({"allow_host": ("lab.example",)}, "LAB.example"),
        ({"host": "192.0.2.1"}, "192.0.2.1:8000"),
        ({"host": "2001:db8::1"}, "[2001:db8::1]:8000"),
    ],
)
async def test_a_name_that_was_allowed_or_bound_is_let_in(settings: dict[str, Any], host: str) -> None:
    assert (await ask(admission(**settings), http_scope("GET", "/", host=host))).status == 200


async def test_the_address_that_the_connection_came_to_is_let_in_when_all_are_bound() -> None:
    app = admission(host="0.0.0.0")
    scope = http_scope("GET", "/", host="192.168.1.7:8000")
    assert (await ask(app, scope | {"server": ("192.168.1.7", 8000)})).status == 200
    assert (await ask(app, scope | {"server": ("192.168.1.8", 8000)})).status == 403
    assert (await ask(app, scope | {"server": None})).status == 403


# --- Origin ---


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "127.0.0.1:8000"),
        ("http://127.0.0.1:8000", "127.0.0.1:8000"),
        ("HTTP://127.0.0.1:8000", "127.0.0.1:8000"),
        ("http://LOCALHOST:8000", "localhost:8000"),
        ("http://localhost", "localhost"),
        ("http://localhost:80", "localhost"),
        ("http://localhost", "localhost:80"),
        ("https://localhost", "localhost"),
        ("https://localhost:443", "localhost"),
        ("http://[::1]:8000", "[::1]:8000"),
        (ALLOWED, "127.0.0.1:8000"),
        ("https://CLASS.example:443", "127.0.0.1:8000"),
    ],
)
async def test_the_same_origin_an_allowed_one_and_none_are_let_in(origin: str | None, host: str) -> None:
    assert (await post(origin, host)).content == b"inside"


FOREIGN = [
    "null",
    "",
    "NULL",
    "*",
    "http://evil.example",
    "http://127.0.0.1:8000.evil.example",
    "http://127.0.0.1:8000@evil.example",
    "http://evil.example#127.0.0.1:8000",
    "http://evil.example/127.0.0.1:8000",
    "http://127.0.0.1:8000/",
    "http://127.0.0.1:8000/path",
    "http://127.0.0.1:8000?",
    "http://127.0.0.1",
    "http://127.0.0.1:80",
    "http://127.0.0.1:8001",
    "http://127.0.0.1:80000",
    "http://127.0.0.1:08000",
    "http://127.0.0.1:",
    "http://127.0.0.1.:8000",
    "http://127.0.0.2:8000",
    "http://localhost:8000",
    "http://[::1]:8000",
    "http://a127.0.0.1:8000",
    "ws://127.0.0.1:8000",
    "ftp://127.0.0.1:8000",
    "file://",
    "127.0.0.1:8000",
    "//127.0.0.1:8000",
    " http://127.0.0.1:8000",
    "http://127.0.0.1:8000, http://evil.example",
    "http://127.0.0.1:8000 http://evil.example",
    "http://127.0.0.1\\@evil.example:8000",
    "http://127.0.0.1%3A8000",
    "https://127.0.0.1",
    "http://class.example",
    "https://class.example:8443",
    "https://class.example.",
    "https://class.example.evil.example",
    "https://sub.class.example",
    "https://evilclass.example",
]


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_foreign_origin_is_403_on_a_post(origin: str) -> None:
    exchange = await post(origin)
    assert exchange.status == 403
    assert detail(exchange).startswith(
        "Expected an Origin that equals Host (127.0.0.1:8000) or is allowed; this came: '"
    )
    assert exchange.field("access-control-allow-origin") is None
    assert exchange.field("cache-control") == "no-store"


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_foreign_origins_handshake_is_denied_before_it_is_accepted(origin: str) -> None:
    exchange = Exchange(admission(), websocket_scope("/api/rooms/lobby/ws", [("Origin", origin)]))
    exchange.hear({"type": "websocket.connect"})
    await exchange.end()
    assert exchange.sent[0]["type"] == "websocket.http.response.start"
    assert (exchange.status, detail(exchange)[:18]) == (403, "Expected an Origin")


@pytest.mark.parametrize("origin", [None, "http://127.0.0.1:8000", ALLOWED])
async def test_a_handshake_of_our_own_page_is_accepted(origin: str | None) -> None:
    exchange = Exchange(admission(), websocket_scope("/ws", [] if origin is None else [("Origin", origin)]))
    exchange.hear({"type": "websocket.connect"})
    await exchange.end()
    assert exchange.sent[0]["type"] == "websocket.accept"


async def test_two_origins_are_403() -> None:
    own = ("Origin", "http://127.0.0.1:8000")
    assert (await ask(admission(), http_scope("POST", "/x", [own, own]))).status == 403


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_reading_needs_no_origin_and_a_foreign_one_gets_no_leave_to_see_the_answer(method: str) -> None:
    exchange = await ask(admission(), http_scope(method, "/x", [("Origin", "http://evil.example")]))
    assert exchange.status == 200
    assert exchange.field("access-control-allow-origin") is None


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "BREW"])
async def test_every_method_that_is_not_for_reading_needs_a_right_origin(method: str) -> None:
    exchange = await ask(admission(), http_scope(method, "/x", [("Origin", "http://evil.example")]))
    assert exchange.status == 403


@pytest.mark.parametrize("root", ["", "/push", "/a/b"])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/socket.io/?EIO=4&transport=polling", 403),
        ("/socket.io", 403),
        ("/socket.io/x/y", 403),
        ("/socket.iox", 200),
        ("/x/socket.io/", 200),
    ],
)
async def test_reading_below_socket_io_needs_a_right_origin_wherever_it_is_mounted(
    path: str, status: int, root: str
) -> None:
    scope = http_scope("GET", path, [("Origin", "http://evil.example")], root=root)
    assert (await ask(admission(), scope)).status == status


# --- CORS ---


async def test_an_allowed_origin_may_read_the_answer() -> None:
    exchange = await ask(admission(), http_scope("GET", "/x", [("Origin", ALLOWED)]))
    assert exchange.content == b"inside"
    assert exchange.field("access-control-allow-origin") == ALLOWED
    assert exchange.field("access-control-expose-headers") == "ETag, Retry-After"
    assert exchange.field("vary") == "Origin"
    assert exchange.field("access-control-allow-credentials") is None


async def test_an_allowed_origin_is_told_beforehand_what_it_may_do() -> None:
    asking = [
        ("Origin", ALLOWED),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type"),
    ]
    exchange = await ask(admission(), http_scope("OPTIONS", "/x", asking))
    assert (exchange.status, exchange.content) == (204, b"")
    assert exchange.field("access-control-allow-origin") == ALLOWED
    assert exchange.field("access-control-allow-methods") == "GET, HEAD, POST"
    assert exchange.field("access-control-allow-headers") == "content-type"
    assert exchange.field("vary") == "Origin"


@pytest.mark.parametrize("origin", ["http://evil.example", "null"])
async def test_a_foreign_origin_that_asks_beforehand_is_403(origin: str) -> None:
    asking = [("Origin", origin), ("Access-Control-Request-Method", "POST")]
    exchange = await ask(admission(), http_scope("OPTIONS", "/x", asking))
    assert (exchange.status, detail(exchange)) == (403, f"The origin '{origin}' is not allowed here (--allow-origin).")
    assert exchange.field("access-control-allow-origin") is None


async def test_a_refusal_of_the_host_holds_for_allowed_origins_too() -> None:
    assert (await post(ALLOWED, "evil.example")).status == 403


async def test_the_lifespan_passes() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    await Exchange(Admission(app, Settings()), {"type": "lifespan"}).end()
    assert seen == ["lifespan"]


# --- the spelling of origins ---


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("http://a", "http://a:80"),
        ("https://a", "https://a:443"),
        ("HTTPS://A.Example:8443", "https://a.example:8443"),
        ("http://[2001:DB8::1]", "http://[2001:db8::1]:80"),
    ],
)
def test_an_origin_has_one_spelling(text: str, origin: str) -> None:
    assert parse_origin(text) == origin


@pytest.mark.parametrize("text", ["", "a", "http://", "http://a/", "http://a:b", "http://a b", "http://u@a", "ftp://a"])
def test_what_is_no_origin_is_refused_with_what_one_looks_like(text: str) -> None:
    with pytest.raises(ValueError, match=r"^an origin is http\(s\)://name\[:port\], without a path; this came: '"):
        parse_origin(text)


def test_a_setting_that_is_no_origin_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="an origin is"):
        Admission(inside, Settings(allow_origin=("class.example",)))


# --- pages of lab sessions ---

SESSION = "/api/lab/sessions/k3f9"
LAB_PAGE = "http://127.0.0.1:8001"


async def at_lab(origin: str, path: str = f"{SESSION}/faults", method: str = "POST", **more: str) -> Exchange:
    app = Admission(inside, Settings(), owns=lambda session, port: (session, port) == ("k3f9", 8001))
    return await ask(app, http_scope(method, path, [("Origin", origin), *more.items()]))


async def test_a_lab_page_may_command_its_session_and_read_the_answer() -> None:
    answer = await at_lab(LAB_PAGE)
    assert (answer.content, answer.field("access-control-allow-origin")) == (b"inside", LAB_PAGE)
    asked = await at_lab(LAB_PAGE, method="OPTIONS", **{"Access-Control-Request-Method": "POST"})
    assert (asked.status, asked.field("access-control-allow-origin")) == (204, LAB_PAGE)


@pytest.mark.parametrize(
    ("origin", "path"),
    [
        (LAB_PAGE, "/api/lab/sessions"),
        (LAB_PAGE, "/api/lab/sessions/another/faults"),
        (LAB_PAGE, f"/api/rooms/lobby/messages?{SESSION}/faults"),
        (LAB_PAGE, f"/x{SESSION}/faults"),
        ("http://127.0.0.1:8002", f"{SESSION}/faults"),
        ("http://evil.example:8001", f"{SESSION}/faults"),
        ("http://127.0.0.1.evil.example:8001", f"{SESSION}/faults"),
        ("http://127.0.0.1:8001/", f"{SESSION}/faults"),
        ("null", f"{SESSION}/faults"),
    ],
)
async def test_another_page_or_another_session_is_refused(origin: str, path: str) -> None:
    assert (await at_lab(origin, path)).status == 403


async def test_two_origins_are_none_also_where_one_is_a_lab_pages() -> None:
    app = Admission(inside, Settings(), owns=lambda session, port: True)
    fields = [("Origin", LAB_PAGE), ("Origin", "http://evil.example")]
    assert (await ask(app, http_scope("POST", f"{SESSION}/faults", fields))).status == 403
