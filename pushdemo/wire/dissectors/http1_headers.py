"""What the headers and statuses mean that browsers, this server and WebSocket use, and where each is laid down."""

from pushdemo.wire.dissectors.fields import Kind

_HTML_EVENTS = 'WHATWG HTML, "Server-sent events"'
_FETCH_CORS = 'WHATWG Fetch, "CORS protocol"'
_FETCH_METADATA = "W3C Fetch Metadata Request Headers"
_CLIENT_HINTS = "WICG User-Agent Client Hints"
_DROPPED = "draft-ietf-hybi-thewebsocketprotocol-00 (hixie-76)"

LONGEST_NAME = 80
"""Characters that are shown of a name that is not known."""

OF_THE_CONNECTION = {
    "Host": ("The server and port that the client means.", "RFC 9110 section 7.2"),
    "Connection": ("What concerns this connection alone: close, keep-alive, Upgrade.", "RFC 9110 section 7.6.1"),
    "Upgrade": ("The protocol that this connection is to go on in.", "RFC 9110 section 7.8"),
    "Keep-Alive": ("How long an idle connection is kept.", "RFC 2068 section 19.7.1.1"),
    "Proxy-Connection": ("Connection, as old clients say it to a proxy.", "RFC 9112 appendix C.2.2"),
    "Transfer-Encoding": ("How the body is coded for the way: chunked.", "RFC 9112 section 6.1"),
    "TE": ("Which transfer codings the client takes, and whether trailers.", "RFC 9110 section 10.1.4"),
    "Trailer": ("Which headers follow the body.", "RFC 9110 section 6.6.2"),
    "Expect": ("The client waits for 100 before it sends the body.", "RFC 9110 section 10.1.1"),
    "Via": ("The proxies that the message came through.", "RFC 9110 section 7.6.3"),
    "Forwarded": ("What a proxy knows of the client.", "RFC 7239 section 4"),
    "X-Forwarded-For": ("The client's address, as a proxy saw it.", "no standard; RFC 7239 replaces it"),
    "X-Forwarded-Proto": ("http or https, as a proxy saw it.", "no standard; RFC 7239 replaces it"),
    "X-Accel-Buffering": ("no: nginx is not to hold the answer back.", "nginx, ngx_http_proxy_module"),
}
OF_THE_MESSAGE = {
    "Date": ("When the message was made, by the sender's clock.", "RFC 9110 section 6.6.1"),
    "Server": ("The program that answers.", "RFC 9110 section 10.2.4"),
    "User-Agent": ("The program that asks; every browser claims to be Mozilla.", "RFC 9110 section 10.1.5"),
    "Referer": ("The page that asks.", "RFC 9110 section 10.1.3"),
    "From": ("The address of the person behind the client.", "RFC 9110 section 10.1.2"),
    "Content-Type": ("The media type of the body.", "RFC 9110 section 8.3"),
    "Content-Length": ("How many bytes the body has.", "RFC 9110 section 8.6"),
    "Content-Encoding": ("How the body is compressed.", "RFC 9110 section 8.4"),
    "Content-Language": ("The language of the body.", "RFC 9110 section 8.5"),
    "Content-Location": ("Where the body itself can be had.", "RFC 9110 section 8.7"),
    "Content-Disposition": ("Whether the body is shown or kept as a file.", "RFC 6266 section 4"),
    "Content-Range": ("Which part of the whole the body is.", "RFC 9110 section 14.4"),
    "Accept": ("The media types that the client wants.", "RFC 9110 section 12.5.1"),
    "Accept-Charset": ("The encodings of text that the client takes.", "RFC 9110 section 12.5.2"),
    "Accept-Encoding": ("The compressions that the client takes.", "RFC 9110 section 12.5.3"),
    "Accept-Language": ("The languages that the user reads.", "RFC 9110 section 12.5.4"),
    "Allow": ("The methods that the resource knows.", "RFC 9110 section 10.2.1"),
    "Location": ("Where to go on, or what was made.", "RFC 9110 section 10.2.2"),
    "Retry-After": ("How long to wait before asking again.", "RFC 9110 section 10.2.3"),
    "Link": ("Another resource, and how it stands to this one.", "RFC 8288 section 3"),
    "Priority": ("How urgent the answer is to the client.", "RFC 9218 section 5"),
    "Range": ("Which part of the resource the client wants.", "RFC 9110 section 14.2"),
    "Accept-Ranges": ("The resource can be asked for in parts.", "RFC 9110 section 14.3"),
    "Last-Event-ID": ("The id of the last event that came: the stream goes on behind it.", _HTML_EVENTS),
    "Cookie": ("What the server had the browser keep.", "RFC 6265 section 4.2"),
    "Set-Cookie": ("What the browser is to keep and send along.", "RFC 6265 section 4.1"),
    "Authorization": ("Who the client is, and the proof.", "RFC 9110 section 11.6.2"),
    "WWW-Authenticate": ("How the client is to prove who it is.", "RFC 9110 section 11.6.1"),
}
OF_CACHES = {
    "Cache-Control": ("Who may keep the answer, and for how long; no-store: nobody.", "RFC 9111 section 5.2"),
    "Pragma": ("no-cache, as HTTP/1.0 said it.", "RFC 9111 section 5.4"),
    "Expires": ("From when on a kept answer is old.", "RFC 9111 section 5.3"),
    "Age": ("How many seconds a cache has had the answer.", "RFC 9111 section 5.1"),
    "ETag": ("The name of this state of the resource.", "RFC 9110 section 8.8.3"),
    "Last-Modified": ("When the resource last changed.", "RFC 9110 section 8.8.2"),
    "If-None-Match": ("The state that the client has; if it is the same, 304 will do.", "RFC 9110 section 13.1.2"),
    "If-Match": ("Do it only if the resource is still in that state.", "RFC 9110 section 13.1.1"),
    "If-Modified-Since": ("Answer 304 if it has not changed since.", "RFC 9110 section 13.1.3"),
    "If-Unmodified-Since": ("Do it only if it has not changed since.", "RFC 9110 section 13.1.4"),
    "If-Range": ("The part that is wanted, if the rest is still the same.", "RFC 9110 section 13.1.5"),
    "Vary": ("The request's headers on which the answer depends.", "RFC 9110 section 12.5.5"),
}
OF_WEBSOCKET = {
    "Sec-WebSocket-Key": (
        "16 random bytes in Base64; a server that speaks WebSocket answers with their digest.",
        "RFC 6455 section 11.3.1",
    ),
    "Sec-WebSocket-Extensions": ("Extensions that are offered, or agreed on.", "RFC 6455 section 11.3.2"),
    "Sec-WebSocket-Accept": (
        "SHA-1 of the key and a fixed text, in Base64: the answer was made for this handshake.",
        "RFC 6455 section 11.3.3",
    ),
    "Sec-WebSocket-Protocol": ("Subprotocols that are offered, or the one chosen.", "RFC 6455 section 11.3.4"),
    "Sec-WebSocket-Version": ("The version of the protocol: 13.", "RFC 6455 section 11.3.5"),
    "Sec-WebSocket-Origin": (
        "The page's origin: sent by servers in hybi-00 (hixie-76), by clients in hybi-04 to 10; RFC 6455 dropped it.",
        _DROPPED,
    ),
    "Sec-WebSocket-Location": (
        "The WebSocket's address, which the server repeated in hybi-00 (hixie-76); RFC 6455 dropped it.",
        _DROPPED,
    ),
    "Sec-WebSocket-Key1": ("Half of the challenge in hybi-00 (hixie-76); RFC 6455 dropped it.", _DROPPED),
    "Sec-WebSocket-Key2": ("The other half of it in hybi-00 (hixie-76); RFC 6455 dropped it.", _DROPPED),
}
OF_BROWSERS = {
    "Origin": ("Scheme, host and port of the page whose script asks.", "RFC 6454 section 7"),
    "Sec-Fetch-Site": ("Whether the page that asks is of the same origin or site.", _FETCH_METADATA),
    "Sec-Fetch-Mode": ("How it is asked: cors, navigate, websocket.", _FETCH_METADATA),
    "Sec-Fetch-Dest": ("What the answer is for: a document, a script, a fetch (empty).", _FETCH_METADATA),
    "Sec-Fetch-User": ("A click of the user's made the browser ask.", _FETCH_METADATA),
    "Sec-Fetch-Storage-Access": ("Whether the request may have cookies of its own.", "W3C Storage Access Headers"),
    "Sec-Purpose": ("The request is made in advance.", "WHATWG Fetch"),
    "Sec-CH-UA": ("The browser's makes and versions.", _CLIENT_HINTS),
    "Sec-CH-UA-Mobile": ("Whether it runs on a phone.", _CLIENT_HINTS),
    "Sec-CH-UA-Platform": ("The operating system it runs on.", _CLIENT_HINTS),
    "DNT": ("The user does not want to be tracked.", "W3C Tracking Preference Expression (retired)"),
    "Sec-GPC": ("The user does not want data sold or shared.", "Global Privacy Control"),
    "Upgrade-Insecure-Requests": ("The browser would rather have https.", "W3C Upgrade Insecure Requests"),
    "Access-Control-Request-Method": ("The method that a page of another origin wants to use.", _FETCH_CORS),
    "Access-Control-Request-Headers": ("The headers that a page of another origin wants to send.", _FETCH_CORS),
    "Access-Control-Request-Private-Network": (
        "A public page asks for something in a private network.",
        "WICG Private Network Access",
    ),
    "Access-Control-Allow-Origin": ("The origin whose pages may read the answer.", _FETCH_CORS),
    "Access-Control-Allow-Methods": ("The methods that its pages may use.", _FETCH_CORS),
    "Access-Control-Allow-Headers": ("The headers that its pages may send.", _FETCH_CORS),
    "Access-Control-Allow-Credentials": ("Whether its pages may use cookies.", _FETCH_CORS),
    "Access-Control-Expose-Headers": ("The headers that its pages may read.", _FETCH_CORS),
    "Access-Control-Max-Age": ("For how many seconds the browser need not ask again.", _FETCH_CORS),
    "Content-Security-Policy": (
        "From where the page may load what, and where its scripts may connect to.",
        "W3C Content Security Policy Level 3 section 3.1",
    ),
    "X-Content-Type-Options": ("nosniff: take the media type as it is said.", "WHATWG Fetch"),
    "X-Frame-Options": ("Who may show the page in a frame.", "RFC 7034 section 2"),
    "Referrer-Policy": ("How much of its address the page tells others.", "W3C Referrer Policy section 4.1"),
    "Cross-Origin-Opener-Policy": ("Whether other pages keep a hold on this one.", "WHATWG HTML"),
    "Cross-Origin-Embedder-Policy": ("What the page may embed.", "WHATWG HTML"),
    "Cross-Origin-Resource-Policy": ("Which pages may embed this.", "WHATWG Fetch"),
    "Strict-Transport-Security": ("Come by https only, for so long.", "RFC 6797 section 6.1"),
}

_KINDS = {
    name.lower(): Kind(name, meaning, source)
    for table in (OF_THE_CONNECTION, OF_THE_MESSAGE, OF_CACHES, OF_WEBSOCKET, OF_BROWSERS)
    for name, (meaning, source) in table.items()
}


def header_kind(name: str) -> Kind:
    """Return what the header of that name is; names are the same in any case (RFC 9110 section 5.1)."""
    known = _KINDS.get(name.lower())
    return known or Kind(name[:LONGEST_NAME], "A header that this table does not know.", "RFC 9110 section 5")


STATUSES = {
    100: "go on and send the body",
    101: "the connection goes on in the protocol that Upgrade names",
    200: "done; the answer follows",
    201: "done; something new has been made",
    204: "done; there is nothing to say",
    206: "the part that was asked for follows",
    301: "it has moved to where Location says",
    302: "it is for now where Location says",
    304: "what the client has is still the newest",
    307: "ask in the same way where Location says",
    308: "it has moved to where Location says",
    400: "the request is malformed",
    403: "it is understood, and refused",
    404: "there is nothing of that name",
    405: "not with this method",
    408: "the request took too long to come",
    409: "it contradicts what is there already",
    413: "the body is too long",
    415: "not in this media type",
    421: "not at this server",
    422: "well-formed, and yet its content makes no sense",
    426: "only in the protocol that Upgrade names",
    429: "too many requests",
    431: "the headers are too long",
    500: "the server failed",
    501: "the server cannot do that",
    502: "the server behind the proxy gave no proper answer",
    503: "not at present",
    504: "the server behind the proxy gave no answer in time",
}
"""RFC 9110 section 15, RFC 6585 (429, 431)."""
_CLASSES = ("", "still under way", "it succeeded", "more has to be done", "the client is at fault", "the server failed")


def status_meaning(status: int) -> str:
    """Return what a status says; of one that is not known, what its class says (RFC 9110 section 15)."""
    return STATUSES.get(status) or _CLASSES[min(status // 100, 6) % 6]
